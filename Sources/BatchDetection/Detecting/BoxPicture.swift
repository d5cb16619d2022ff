internal import Domain
internal import FrameKit

/// Draws boxes on a picture, a colour for each label.
enum BoxPicture {
    /// Colours that people with colour-blindness tell apart (Okabe and Ito, <https://jfly.uni-koeln.de/color/>).
    private static let colors = ["E69F00", "56B4E9", "009E73", "F0E442", "0072B2", "D55E00", "CC79A7"]

    /// Pixels of a JPEG's side, at most: libjpeg's `JPEG_MAX_DIMENSION`.
    private static let longestSide = 65_500

    /// Whether there can be a picture with a photo's boxes.
    static func isPossible(for result: PhotoResult) -> Bool {
        guard let width = result.width, let height = result.height else { return false }
        return max(width, height) <= self.longestSide
    }

    /// A JPEG of the picture in its own size. Blocks.
    ///
    /// - Throws: `MediaError` when the picture is too large for JPEG or memory runs out.
    static func jpeg(of picture: Picture, _ detections: [Detection]) throws(MediaError) -> [UInt8] {
        let thickness = max(2, min(picture.width, picture.height) / 200)
        let filters = detections.reversed().map { detection in
            let box = detection.box
            let (left, top) = (Int(box.x.rounded()), Int(box.y.rounded()))
            let (width, height) = (Int(box.right.rounded()) - left, Int(box.bottom.rounded()) - top)
            return "drawbox=x=\(left):y=\(top):w=\(max(1, width)):h=\(max(1, height))"
                + ":color=0x\(self.color(of: detection.label)):t=\(thickness)"
        }
        var encoder = try JPEGEncoder(quality: 85)
        guard !filters.isEmpty else { return try encoder.encode(picture) }
        var filter = try PictureFilter(filters.joined(separator: ","))
        return try encoder.encode(filter.apply(to: picture))
    }

    /// The same for a label in every batch: FNV-1a, since Swift's own hash differs from run to run.
    private static func color(of label: String) -> String {
        let hash = label.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return self.colors[Int(hash % UInt64(self.colors.count))]
    }
}
