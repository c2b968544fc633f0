import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { answering, OK, ProxyUnderTest, RawPod } from './proxyUnderTest.ts';

const cleanups: (() => Promise<unknown>)[] = [];

/** To be called after each test: closes what it started. */
export async function closeAll(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

/** A pod that ends with the test. */
export async function rawPod(serve: ConstructorParameters<typeof RawPod>[0] = answering(OK)): Promise<RawPod> {
  const pod = await new RawPod(serve).listen();
  cleanups.push(() => pod.close());
  return pod;
}

/** A proxy that ends with the test. */
export async function proxyTo(
  pods: readonly { readonly port: number }[],
  ...rest: Parameters<typeof ProxyUnderTest.start> extends [unknown, ...infer R] ? R : never
): Promise<ProxyUnderTest> {
  const proxy = await ProxyUnderTest.start(
    pods.map(({ port }) => port),
    ...rest
  );
  cleanups.push(() => proxy.close());
  return proxy;
}

/** A port on which nothing listens. */
export async function deadPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
