/// Gives the pixels of pictures as bytes. Keeps what it needs for the next picture of the same format.
///
/// Used by one thread at a time.
package struct PixelReader: ~Copyable {
    package enum Layout: Sendable, CaseIterable {
        /// Three bytes for each pixel: red, green, blue.
        case rgb
        /// One byte for each pixel: brightness, 0 black … 255 white.
        case gray

        package var bytesPerPixel: Int {
            switch self {
            case .rgb: 3
            case .gray: 1
            }
        }
    }

    private let layout: Layout
    private var graph = FormatGraph()

    package init(_ layout: Layout) { self.layout = layout }

    /// The pixels of `picture`, row after row from the top without gaps: height × width × ``Layout/bytesPerPixel``
    /// bytes.
    ///
    /// - Throws: ``MediaError/Code/outOfMemory``.
    package mutating func pixels(of picture: Picture) throws(MediaError) -> [UInt8] {
        let form: ScaleFilter.Form =
            switch self.layout {
            case .rgb: .interleavedRGB
            case .gray: .gray
            }
        let converted = try self.graph.run(picture.padded) { _ in ScaleFilter(form: form).description }
        let rowByteCount = picture.width * self.layout.bytesPerPixel
        var bytes: [UInt8] = []
        bytes.reserveCapacity(picture.height * rowByteCount)
        for row in 0..<picture.height {
            converted.withRow(row, ofPlane: 0, byteCount: rowByteCount) { samples in
                for index in samples.indices { bytes.append(samples[index]) }
            }
        }
        return bytes
    }
}
