import { serveGateway } from './serve.node.ts';
import { SettingsError } from './settings.ts';

try {
  const running = await serveGateway(process.env);
  console.log(`Hikitsugi listens on port ${running.port}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void running.close().then(() => process.exit(0)));
  }
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exit(2);
}
