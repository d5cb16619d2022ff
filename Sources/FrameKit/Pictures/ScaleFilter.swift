/// The step of a filter graph that changes size and pixel form, with the same result on every processor.
///
/// The source's matrix and range are those of its tags; BT.601 in limited range without tags, as the `ffmpeg` program
/// has it.
struct ScaleFilter: CustomStringConvertible {
    enum Interpolation: String {
        case bilinear
        /// The mean of what a pixel covers, for pictures that become many times smaller.
        case area
        /// Sharper, and the choice for pictures that people look at.
        case bicubic
    }

    enum Form: String {
        case interleavedRGB = "rgb24"
        /// Three planes in the order green, blue, red.
        case planarRGB = "gbrp"
        case gray = "gray"
        case halfChroma = "yuv420p"
        case fullChroma = "yuv444p"
    }

    /// `nil` keeps the size.
    var size: PictureSize?
    var interpolation: Interpolation = .bicubic
    /// `nil` keeps the pixel form.
    var form: Form?
    /// In place of the source's own; `nil` keeps it.
    var matrix: String?
    var isFullRange = true
    /// Whether colours are rounded the same on every processor, at the price of time.
    var isRoundedExactly = true

    var description: String {
        let rounding = self.isRoundedExactly ? "+accurate_rnd+full_chroma_int+full_chroma_inp" : ""
        var options = ["flags=\(self.interpolation.rawValue)\(rounding)+bitexact"]
        if let size = self.size { options += ["w=\(size.width)", "h=\(size.height)"] }
        if let matrix = self.matrix { options.append("out_color_matrix=\(matrix)") }
        options.append("out_range=\(self.isFullRange ? "full" : "limited")")
        let scale = "scale=" + options.joined(separator: ":")
        return self.form.map { "\(scale),format=\($0.rawValue)" } ?? scale
    }
}
