declare module 'seek-bzip' {
  interface ByteSource {
    readByte(): number;
    eof(): boolean;
  }
  interface ByteSink {
    writeByte(byte: number): void;
    flush?(): void;
  }
  const bunzip: { decode(input: ByteSource, output: ByteSink, multistream: boolean): void };
  export default bunzip;
}
