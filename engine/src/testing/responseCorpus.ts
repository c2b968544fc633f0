/** One server's answer to one request, byte for byte. */
export interface CannedResponse {
  readonly name: string;
  readonly bytes: string;
  /** The server closes the connection behind it. */
  readonly closes?: boolean;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  /** What must come of it: "status pod", a failure, or "pending" when the response is not complete. */
  readonly expected: string;
  /** What undici makes of it where that is another outcome: it is stricter than the RFC asks for. */
  readonly undici?: string;
}

const POD = 'x-evenkeel-pod: p1\r\n';
const ok = (headers: string, body = '') => `HTTP/1.1 200 OK\r\n${headers}\r\n${body}`;

/** Well-formed, unusual and malformed responses: what every transport has to agree on. */
export const RESPONSE_CORPUS: readonly CannedResponse[] = [
  { name: 'content-length', bytes: ok(`${POD}content-length: 5\r\n`, 'hello'), expected: '200 p1' },
  { name: 'content-length 0', bytes: ok(`${POD}content-length: 0\r\n`), expected: '200 p1' },
  {
    name: 'names in capitals, no space behind the colon',
    bytes: ok('X-EVENKEEL-POD:p1\r\nCONTENT-LENGTH:2\r\n', 'ab'),
    expected: '200 p1',
  },
  {
    name: 'white space around values',
    bytes: ok('x-evenkeel-pod: \t p1 \t \r\ncontent-length:  2\r\n', 'ab'),
    expected: '200 p1',
  },
  {
    name: 'white space behind a length',
    bytes: ok(`${POD}content-length: 2 \t\r\n`, 'ab'),
    expected: '200 p1',
    undici: 'other',
  },
  { name: 'the pod header twice', bytes: ok(`${POD}${POD}content-length: 0\r\n`), expected: '200 p1, p1' },
  { name: 'an empty pod header', bytes: ok('x-evenkeel-pod:\r\ncontent-length: 0\r\n'), expected: '200 ' },
  { name: 'no reason phrase', bytes: `HTTP/1.1 200 \r\n${POD}content-length: 0\r\n\r\n`, expected: '200 p1' },
  {
    name: 'no reason phrase and no space',
    bytes: `HTTP/1.1 200\r\n${POD}content-length: 0\r\n\r\n`,
    expected: '200 p1',
  },
  {
    name: '404 with a body',
    bytes: `HTTP/1.1 404 Not Found\r\n${POD}content-length: 3\r\n\r\nabc`,
    expected: '404 p1',
  },
  {
    name: '503 without a pod',
    bytes: 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 3\r\n\r\nabc',
    expected: '503 ',
  },
  { name: 'a status beyond 599', bytes: `HTTP/1.1 799 X\r\n${POD}content-length: 0\r\n\r\n`, expected: '799 p1' },
  {
    name: '302 is not followed',
    bytes: `HTTP/1.1 302 Found\r\nlocation: /\r\n${POD}content-length: 0\r\n\r\n`,
    expected: '302 p1',
  },
  { name: 'chunked', bytes: ok(`${POD}transfer-encoding: chunked\r\n`, '5\r\nhello\r\n0\r\n\r\n'), expected: '200 p1' },
  {
    name: 'chunked: hex sizes in both cases',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, 'a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n'),
    expected: '200 p1',
  },
  {
    name: 'chunked: leading zeros',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, '0002\r\nab\r\n000\r\n\r\n'),
    expected: '200 p1',
  },
  {
    name: 'chunked: an extension',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, '2;a=b\r\nab\r\n0\r\n\r\n'),
    expected: '200 p1',
  },
  {
    name: 'chunked: trailers',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, '2\r\nab\r\n0\r\nx-sum: 1\r\ny: 2\r\n\r\n'),
    expected: '200 p1',
  },
  {
    name: 'chunked: the coding in capitals',
    bytes: ok(`${POD}transfer-encoding: Chunked\r\n`, '0\r\n\r\n'),
    expected: '200 p1',
  },
  { name: 'chunked: not finished', bytes: ok(`${POD}transfer-encoding: chunked\r\n`, '5\r\nhel'), expected: 'pending' },
  {
    name: 'chunked: cut off',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, '5\r\nhel'),
    closes: true,
    expected: 'cut-short',
  },
  {
    name: 'chunked: cut off before the last chunk',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, '2\r\nab\r\n'),
    closes: true,
    expected: 'cut-short',
  },
  {
    name: 'chunked: a size that is none',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, 'xyz\r\n'),
    expected: 'bad-chunk',
  },
  {
    name: 'chunked: no line end behind the data',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, '2\r\nabXX0\r\n\r\n'),
    expected: 'bad-chunk',
  },
  {
    name: 'chunked: a size beyond all bounds',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, 'ffffffffffffffffff\r\n'),
    expected: 'bad-chunk',
  },
  {
    name: 'gzip without chunked runs to the end',
    bytes: ok(`${POD}transfer-encoding: gzip\r\n`, 'abc'),
    closes: true,
    expected: '200 p1',
  },
  {
    name: 'chunked last of several codings',
    bytes: ok(`${POD}transfer-encoding: gzip, chunked\r\n`, '2\r\nab\r\n0\r\n\r\n'),
    expected: '200 p1',
  },
  {
    name: 'a length beside chunked',
    bytes: ok(`${POD}content-length: 2\r\ntransfer-encoding: chunked\r\n`, '0\r\n\r\n'),
    expected: 'length-and-coding',
  },
  {
    name: 'chunked beside a length',
    bytes: ok(`${POD}transfer-encoding: chunked\r\ncontent-length: 2\r\n`, '0\r\n\r\n'),
    expected: 'length-and-coding',
  },
  { name: 'two lengths', bytes: ok(`${POD}content-length: 2\r\ncontent-length: 3\r\n`, 'abc'), expected: 'bad-length' },
  {
    name: 'the same length twice',
    bytes: ok(`${POD}content-length: 2\r\ncontent-length: 2\r\n`, 'ab'),
    expected: '200 p1',
    undici: 'other',
  },
  { name: 'a length that is no number', bytes: ok(`${POD}content-length: two\r\n`, 'ab'), expected: 'bad-length' },
  { name: 'a negative length', bytes: ok(`${POD}content-length: -1\r\n`, 'ab'), expected: 'bad-length' },
  { name: 'a length with a sign', bytes: ok(`${POD}content-length: +2\r\n`, 'ab'), expected: 'bad-length' },
  { name: 'a list of lengths', bytes: ok(`${POD}content-length: 2, 2\r\n`, 'ab'), expected: '200 p1', undici: 'other' },
  {
    name: 'a length beyond all bounds',
    bytes: ok(`${POD}content-length: 99999999999999999999999\r\n`, 'ab'),
    expected: 'bad-length',
  },
  { name: 'a body that is not finished', bytes: ok(`${POD}content-length: 5\r\n`, 'hel'), expected: 'pending' },
  {
    name: 'a body that is cut off',
    bytes: ok(`${POD}content-length: 5\r\n`, 'hel'),
    closes: true,
    expected: 'cut-short',
  },
  { name: 'a body up to the end of the connection', bytes: ok(POD, 'hello'), closes: true, expected: '200 p1' },
  { name: 'no body up to the end of the connection', bytes: ok(POD), closes: true, expected: '200 p1' },
  { name: 'a body up to an end that does not come', bytes: ok(POD, 'hello'), expected: 'pending' },
  {
    name: 'connection: close with a length',
    bytes: ok(`${POD}connection: close\r\ncontent-length: 2\r\n`, 'ab'),
    closes: true,
    expected: '200 p1',
  },
  {
    name: 'connection: close, body up to the end',
    bytes: ok(`${POD}Connection: Close\r\n`, 'ab'),
    closes: true,
    expected: '200 p1',
  },
  { name: 'HTTP/1.0 up to the end', bytes: `HTTP/1.0 200 OK\r\n${POD}\r\nabc`, closes: true, expected: '200 p1' },
  {
    name: 'HTTP/1.0 with a length',
    bytes: `HTTP/1.0 200 OK\r\n${POD}content-length: 3\r\n\r\nabc`,
    closes: true,
    expected: '200 p1',
  },
  {
    name: 'HTTP/1.0 keep-alive',
    bytes: `HTTP/1.0 200 OK\r\n${POD}connection: keep-alive\r\ncontent-length: 3\r\n\r\nabc`,
    expected: '200 p1',
  },
  { name: '204 has no body', bytes: `HTTP/1.1 204 No Content\r\n${POD}\r\n`, expected: '204 p1' },
  {
    name: '304 has no body, whatever its length says',
    bytes: `HTTP/1.1 304 Not Modified\r\n${POD}content-length: 7\r\n\r\n`,
    expected: '304 p1',
  },
  {
    name: 'HEAD: a length without a body',
    bytes: ok(`${POD}content-length: 7\r\n`),
    method: 'HEAD',
    expected: '200 p1',
  },
  {
    name: 'HEAD: chunked without a body',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`),
    method: 'HEAD',
    expected: '200 p1',
  },
  {
    name: '103 before the final response',
    bytes: `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\nx-evenkeel-pod: early\r\n\r\n${ok(`${POD}content-length: 2\r\n`, 'ab')}`,
    expected: '200 p1',
  },
  {
    name: 'two 1xx before the final response',
    bytes: `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n${ok('content-length: 0\r\n')}`,
    expected: '200 ',
  },
  {
    name: '101 that nobody asked for',
    bytes: `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n`,
    expected: 'switched-protocol',
  },
  { name: 'nothing, then the end', bytes: '', closes: true, expected: 'closed' },
  { name: 'nothing at all', bytes: '', expected: 'pending' },
  { name: 'half a head', bytes: 'HTTP/1.1 200 OK\r\nx-even', expected: 'pending' },
  { name: 'half a head, then the end', bytes: 'HTTP/1.1 200 OK\r\nx-even', closes: true, expected: 'cut-short' },
  {
    name: 'a folded header',
    bytes: ok(`${POD}x-long: a\r\n b\r\ncontent-length: 0\r\n`),
    expected: '200 p1',
    undici: 'other',
  },
  {
    name: 'a folded header with a tab',
    bytes: ok(`x-long: a\r\n\tb\r\n${POD}content-length: 0\r\n`),
    expected: '200 p1',
    undici: 'other',
  },
  {
    name: 'a space before the colon',
    bytes: ok('x-evenkeel-pod : p1\r\ncontent-length: 0\r\n'),
    expected: 'bad-header',
  },
  { name: 'a header without a colon', bytes: ok('nonsense\r\ncontent-length: 0\r\n'), expected: 'bad-header' },
  { name: 'a header without a name', bytes: ok(': x\r\ncontent-length: 0\r\n'), expected: 'bad-header' },
  { name: 'a NUL in a value', bytes: ok('x: a\0b\r\ncontent-length: 0\r\n'), expected: 'bad-header' },
  { name: 'a control character in a value', bytes: ok('x: a\x01b\r\ncontent-length: 0\r\n'), expected: 'bad-header' },
  { name: 'DEL in a value', bytes: ok('x: a\x7fb\r\ncontent-length: 0\r\n'), expected: 'bad-header' },
  { name: 'bytes above ASCII in a value', bytes: ok(`x: \xe9\xff\r\n${POD}content-length: 0\r\n`), expected: '200 p1' },
  { name: 'a parenthesis in a name', bytes: ok('x(y): 1\r\ncontent-length: 0\r\n'), expected: 'bad-header' },
  {
    name: 'bare line feeds',
    bytes: `HTTP/1.1 200 OK\n${POD}content-length: 0\r\n\r\n`,
    expected: '200 p1',
    undici: 'other',
  },
  {
    name: 'a bare line feed behind a value',
    bytes: 'HTTP/1.1 200 OK\r\nx: y\ncontent-length: 0\r\n\r\n',
    expected: '200 ',
    undici: 'other',
  },
  {
    name: 'a bare carriage return in a value',
    bytes: 'HTTP/1.1 200 OK\r\nx: y\rz\r\ncontent-length: 0\r\n\r\n',
    expected: 'bad-header',
  },
  { name: 'not HTTP', bytes: 'SSH-2.0-OpenSSH_9.6\r\n', expected: 'not-http' },
  { name: 'HTML without a head', bytes: '<html></html>', closes: true, expected: 'not-http' },
  { name: 'a version of two digits', bytes: `HTTP/11.1 200 OK\r\n\r\n`, expected: 'not-http' },
  { name: 'HTTP/3.0', bytes: `HTTP/3.0 200 OK\r\ncontent-length: 0\r\n\r\n`, expected: 'not-http' },
  { name: 'a status of two digits', bytes: 'HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n', expected: 'not-http' },
  { name: 'a status of four digits', bytes: 'HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n', expected: 'not-http' },
  { name: 'a status of letters', bytes: 'HTTP/1.1 abc OK\r\ncontent-length: 0\r\n\r\n', expected: 'not-http' },
  { name: 'more bytes than the length', bytes: ok(`${POD}content-length: 2\r\n`, 'abcdef'), expected: '200 p1' },
  {
    name: 'a second response that nobody asked for',
    bytes: ok(`${POD}content-length: 0\r\n`) + ok('content-length: 0\r\n'),
    expected: '200 p1',
  },
  {
    name: 'bare line feeds throughout',
    bytes: 'HTTP/1.1 200 OK\nx-evenkeel-pod: p1\ncontent-length: 2\n\nab',
    expected: '200 p1',
    undici: 'other',
  },
  {
    name: 'the pod header folded over three lines',
    bytes: ok('x-evenkeel-pod: p\r\n 1\r\n\t2\r\ncontent-length: 0\r\n'),
    expected: '200 p 1 2',
    undici: 'other',
  },
  {
    name: 'a length on a line of its own',
    bytes: ok(`${POD}content-length:\r\n 2\r\n`, 'ab'),
    expected: '200 p1',
    undici: 'other',
  },
  {
    name: 'a first header line that goes on with nothing',
    bytes: ok(` folded\r\n${POD}content-length: 0\r\n`),
    expected: 'bad-header',
  },
  {
    name: 'a list of lengths that differ',
    bytes: ok(`${POD}content-length: 2, 3\r\n`, 'abc'),
    expected: 'bad-length',
  },
  {
    name: 'an empty length',
    bytes: ok(`${POD}content-length:\r\n`, 'abc'),
    expected: 'bad-length',
  },
  {
    name: 'chunked: blanks behind a size',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, '2  \r\nab\r\n0 \t\r\n\r\n'),
    expected: '200 p1',
    undici: 'other',
  },
  {
    name: 'chunked: blanks before an extension',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, '2 ;a=b\r\nab\r\n0\r\n\r\n'),
    expected: '200 p1',
    undici: 'other',
  },
  {
    name: 'chunked: blanks within a size',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, '1 0\r\n0123456789abcdef\r\n0\r\n\r\n'),
    expected: 'bad-chunk',
  },
  {
    name: 'chunked: bare line feeds',
    bytes: ok(`${POD}transfer-encoding: chunked\r\n`, '2\nab\n0\nx: 1\n\n'),
    expected: '200 p1',
    undici: 'other',
  },
  { name: 'POST', bytes: ok(`${POD}content-length: 0\r\n`), method: 'POST', expected: '200 p1' },
];
