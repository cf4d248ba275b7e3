import { serveGateway } from '../serve.node.ts';
import { portsFrom, runWorld } from './run-world.node.ts';

/** `npm start`: the demonstration world under `.data/`, with a gateway in it. */
await runWorld({
  folder: process.env['DEMO_DIRECTORY'] ?? '.data',
  ports: portsFrom(process.env),
  replace: process.env,
  serve: (world) => serveGateway(world.environment, world.guide),
  print: (text) => console.log(text),
});
