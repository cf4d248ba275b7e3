import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { credentialPages } from './credentials/pages.tsx';
import { statePages } from './issue/state-page.tsx';
import { registerPages } from './register-pages.tsx';
import { lifePages } from './requests/life-pages.tsx';
import { officePages } from './requests/office-pages.tsx';
import { ownCertificatePages } from './requests/own-pages.tsx';
import { sharePages } from './shares/holder-pages.tsx';
import { viewerPages } from './shares/viewer-pages.tsx';
import { templatePages } from './template-pages.tsx';
import { walletIssuerPages } from './wallet/pages.tsx';

/** The pages of this room. */
export function certificatePages(app: OpenAPIHono<AppEnv>): void {
  registerPages(app);
  templatePages(app);
  ownCertificatePages(app);
  officePages(app);
  lifePages(app);
  statePages(app);
  credentialPages(app);
  sharePages(app);
  viewerPages(app);
  walletIssuerPages(app);
}
