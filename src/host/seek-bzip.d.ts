declare module 'seek-bzip' {
  interface ByteSource {
    readByte(): number;
    read(buffer: Uint8Array, offset: number, length: number): number;
    eof(): boolean;
  }
  interface ByteSink {
    writeByte(byte: number): void;
    flush?(): void;
  }
  const bunzip: { decode(input: ByteSource, output: ByteSink, multistream: boolean): void };
  export default bunzip;
}
