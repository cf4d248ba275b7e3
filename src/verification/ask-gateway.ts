import { parseState } from './certificate-state.ts';
import { fetchText } from './fetch-text.ts';
import type { PaperCompanions } from './paper.ts';
import { parseJson } from './parse-json.ts';
import { sealChainIn } from './seal-chain.ts';

const maxBytes = 65_536;

/**
 * What one gateway says of the paper of a certificate. It learns the code, which it gave out itself, and the digest of the seal, and
 * nothing else of what is verified.
 *
 * @param origin - of the gateway that the reader has chosen to ask; what a paper says of itself chooses nobody
 */
export function askGateway(origin: string): Pick<PaperCompanions, 'fetchSeal' | 'askState'> {
  return {
    // Whether it is the right one, its digest says.
    async fetchSeal(fingerprint) {
      const answer = await fetchText(`${origin}/verify/seals/${fingerprint}`, {
        accept: 'application/pem-certificate-chain',
        maxBytes,
      });
      return answer?.status === 200 ? sealChainIn(new TextEncoder().encode(answer.text)) : null;
    },
    async askState(code) {
      if (!/^[A-Z2-7]{16}$/.test(code)) return 'unknown';
      const address = `${origin}/api/certificate-states/${code}`;
      const answer = await fetchText(address, { accept: 'application/json', maxBytes });
      if (answer?.status === 404) return 'unknown';
      return answer?.status === 200 ? parseState(parseJson(new TextEncoder().encode(answer.text))) : 'unreachable';
    },
  };
}
