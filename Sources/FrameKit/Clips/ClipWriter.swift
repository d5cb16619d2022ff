/// Writes pictures as consecutive frames of a clip.
struct ClipWriter: ~Copyable {
    private let encoder: ClipEncoder
    private let file: ClipFile
    private let packet: Packet
    /// Frames written so far.
    private(set) var frameCount = 0

    /// Creates the file at `path`.
    ///
    /// - Parameter format: of all pictures to come.
    init(
        creating path: String, for format: PictureFormat, frameRate: Int, settings: EncodingSettings
    ) throws(MediaError) {
        let encoder = try ClipEncoder.open(for: format, frameRate: frameRate, settings: settings)
        let file = try ClipFile.create(at: path, for: encoder, frameRate: frameRate)
        self.init(encoder: encoder, file: file, packet: try Packet())
    }

    private init(encoder: consuming ClipEncoder, file: consuming ClipFile, packet: consuming Packet) {
        self.encoder = encoder
        self.file = file
        self.packet = packet
    }

    /// Adds `picture` as the next frame.
    mutating func write(_ picture: borrowing Frame) throws(MediaError) {
        try self.encoder.send(picture, asFrame: self.frameCount)
        self.frameCount += 1
        try self.writePackets()
    }

    /// Writes what the encoder still holds and completes the file.
    consuming func finish() throws(MediaError) {
        try self.encoder.finish()
        try self.writePackets()
        try self.file.finish()
    }

    private borrowing func writePackets() throws(MediaError) {
        while try self.encoder.receive(into: self.packet) { try self.file.write(self.packet) }
    }
}
