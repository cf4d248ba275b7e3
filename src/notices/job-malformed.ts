/** A job whose payload is not what its kind needs: no attempt will mend it. */
export class JobMalformed extends Error {
  override readonly name = 'JobMalformed';
}
