/// Gives pictures to a model: letterboxed planes of floats. Keeps what it needs for the next picture of the same format.
///
/// Used by one thread at a time.
package struct LetterboxReader: ~Copyable {
    private let input: PictureSize
    private var graph = FormatGraph()

    /// - Parameter input: the size of the model's input.
    package init(for input: PictureSize) { self.input = input }

    /// How many floats one picture takes.
    package var elementCount: Int { 3 * self.input.width * self.input.height }

    /// Writes `picture` as three planes, red, green and blue, each row after row from the top, values 0 … 1.
    ///
    /// - Parameters:
    ///   - batch: floats in the form [picture, channel, row, column].
    ///   - place: which of the batch's pictures, from 0: ``elementCount`` floats, all of which are written.
    /// - Returns: how to get from places in the input back to places in the picture.
    /// - Throws: ``MediaError/Code/outOfMemory``.
    package mutating func read(
        _ picture: Picture, into batch: inout MutableSpan<Float>, at place: Int = 0
    ) throws(MediaError) -> Letterbox {
        let first = place * self.elementCount
        precondition(first >= 0 && first + self.elementCount <= batch.count, "the batch has no such place")
        let letterbox = Letterbox(of: picture.size, in: self.input)
        let scaled = try self.graph.run(picture.frame) { _ in
            ScaleFilter(size: letterbox.inner, interpolation: .bilinear, form: .planarRGB).description
        }
        for index in first..<first + self.elementCount { batch[index] = Self.level(Letterbox.fill) }
        // Red, green and blue among the planes of ``ScaleFilter/Form/planarRGB``.
        for (channel, plane) in [2, 0, 1].enumerated() {
            for row in 0..<letterbox.inner.height {
                let start =
                    first + (channel * self.input.height + letterbox.top + row) * self.input.width + letterbox.left
                scaled.withRow(row, ofPlane: plane, byteCount: letterbox.inner.width) { samples in
                    for index in samples.indices { batch[start + index] = Self.level(samples[index]) }
                }
            }
        }
        return letterbox
    }

    private static func level(_ sample: UInt8) -> Float { Float(sample) / 255 }
}
