/// Gives pictures to a model: letterboxed planes of floats. Keeps what it needs for the next picture of the same
/// format.
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
        // In the size of the picture: how it becomes smaller is the sampler's business. Rounded as the `ffmpeg` program
        // and its kin do, since models know pictures from those.
        let colors = try self.graph.run(picture.padded) { _ in
            ScaleFilter(form: .interleavedRGB, isRoundedExactly: false).description
        }
        for index in first..<first + self.elementCount { batch[index] = Self.level(Letterbox.fill) }
        self.sample(colors, by: letterbox, into: &batch, at: first)
        return letterbox
    }

    private func sample(
        _ colors: borrowing Frame, by letterbox: Letterbox, into batch: inout MutableSpan<Float>, at first: Int
    ) {
        let sampler = BilinearSampler(from: letterbox.picture, to: letterbox.inner)
        let byteCount = 3 * letterbox.picture.width
        var upper = [Int32](repeating: 0, count: 3 * letterbox.inner.width)
        var lower = upper
        for (row, tap) in sampler.rows.enumerated() {
            colors.withRow(tap.first, ofPlane: 0, byteCount: byteCount) { sampler.scaledAcross($0, into: &upper) }
            colors.withRow(tap.second, ofPlane: 0, byteCount: byteCount) { sampler.scaledAcross($0, into: &lower) }
            for channel in 0..<3 {
                let start =
                    first + (channel * self.input.height + letterbox.top + row) * self.input.width + letterbox.left
                for column in 0..<letterbox.inner.width {
                    let place = 3 * column + channel
                    batch[start + column] = Self.level(
                        BilinearSampler.mixed(upper[place], lower[place], weight: tap.weight))
                }
            }
        }
    }

    private static func level(_ sample: UInt8) -> Float { Float(sample) / 255 }
}
