import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppEnv } from '../app-env.ts';
import { fault } from '../faults.ts';
import { pageFrame } from '../identity/frame.tsx';
import { sealsPath } from '../identity/rate-rules.ts';
import { sendProblem } from '../web/answer.ts';
import { permissionsPolicy } from '../web/security.ts';
import { fetchStatusList } from './fetch-status-list.ts';
import { offlinePage } from './offline-page.ts';
import { publishedBundle } from './published-bundle.ts';
import { publishedSeal } from './published-seal.ts';
import { trustPath, VerifyPage } from './verify-page.tsx';
import { walletVerifierPages } from './wallet/pages.tsx';
import { walletVerifierRoutes } from './wallet/routes.ts';

/** For everybody, without an account: verifying happens in the reader's browser, so all that is given out is whom to believe. */
export function verificationPages(app: OpenAPIHono<AppEnv>): void {
  app.get('/verify', (c) => {
    // For QR codes; every other page is kept from it.
    c.header('Permissions-Policy', permissionsPolicy(['camera']));
    return c.html(<VerifyPage frame={pageFrame(c)} />);
  });
  walletVerifierPages(app);
  walletVerifierRoutes(app, fetchStatusList);
  app.get(trustPath, async (c) => {
    c.header('Content-Disposition', 'attachment; filename="hikitsugi-trust.json"');
    return c.json(await publishedBundle(c.get('gateway')));
  });
  app.get(`${sealsPath}:fingerprint`, async (c) => {
    const pem = await publishedSeal(c.get('gateway'), c.req.param('fingerprint'));
    if (pem === null) return sendProblem(c, fault('request.not-found'));
    return c.body(pem, 200, {
      // RFC 8555 §9.1.
      'Content-Type': 'application/pem-certificate-chain',
      'Content-Disposition': 'attachment; filename="seal.pem"',
      // What a digest names does not change.
      'Cache-Control': 'public, max-age=86400',
    });
  });
  app.get('/verify.html', async (c) => {
    const gateway = c.get('gateway');
    const page = gateway.assets.get('verify.html');
    if (page === undefined) return sendProblem(c, fault('request.not-found'));
    c.header('Content-Disposition', 'attachment; filename="hikitsugi-verify.html"');
    return c.body(offlinePage(new TextDecoder().decode(page.bytes), await publishedBundle(gateway)), 200, {
      'Content-Type': 'text/html; charset=utf-8',
    });
  });
}
