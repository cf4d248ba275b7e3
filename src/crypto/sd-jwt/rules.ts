export const credentialType = 'dc+sd-jwt';

/** draft-ietf-oauth-sd-jwt-vc §3.2.2.2: claims that are never behind a digest. */
export const undisclosable: readonly string[] = ['iss', 'vct', 'vct#integrity', 'iat', 'nbf', 'exp', 'cnf', 'status'];
