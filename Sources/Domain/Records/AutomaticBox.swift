/// A box that auto annotation drew, as an element of a frame's `boxes`.
///
/// Form and spelling are the contract's (section 2), misspellings included.
package struct AutomaticBox: Encodable, Hashable, Sendable {
    /// Position among the frame's boxes, from 1.
    package let id: Int
    package let boundaries: Boundaries
    private let attributeValues = NoValues()

    package struct Boundaries: Encodable, Hashable, Sendable {
        package let id: Int
        private let type = "rectangle"
        package let label: String
        /// `#RRGGBB`; the same for the same label.
        package let color: String
        private let status = "completed"
        private let isPermanent = true
        // Pixels of the displayed picture, from its upper left corner.
        package let x: Double
        package let y: Double
        package let width: Double
        package let height: Double
        private let attributeValues = NoValues()
        /// With four decimals.
        package let confidenceText: String
        package let confidence: Double
        package let annotationVersion: Int
        package let trackId: Int?

        private enum CodingKeys: String, CodingKey {
            case id, type, label, color, status, isPermanent, x, y
            case width = "w"
            case height = "h"
            case attributeValues
            case confidenceText = "autoLable_confidance"
            case confidence, annotationVersion, trackId
        }

        fileprivate init(_ detection: Detection, id: Int, version: Int) {
            self.id = id
            self.label = detection.label
            self.color = LabelColor.of(detection.label)
            self.x = detection.box.x.roundedToSixteenths
            self.y = detection.box.y.roundedToSixteenths
            self.width = detection.box.right.roundedToSixteenths - detection.box.x.roundedToSixteenths
            self.height = detection.box.bottom.roundedToSixteenths - detection.box.y.roundedToSixteenths
            self.confidence = (detection.confidence * 10_000).rounded() / 10_000
            self.confidenceText = Self.text(ofConfidence: detection.confidence)
            self.annotationVersion = version
            self.trackId = detection.trackId
        }

        private static func text(ofConfidence confidence: Double) -> String {
            let tenThousandths = Int((confidence * 10_000).rounded())
            let digits = String(tenThousandths % 10_000)
            return "\(tenThousandths / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }

    /// An empty document.
    private struct NoValues: Encodable, Hashable {}

    private init(_ detection: Detection, id: Int, version: Int) {
        self.id = id
        self.boundaries = Boundaries(detection, id: id, version: version)
    }

    /// The boxes of one frame, whose detections lie inside the picture.
    package static func boxes(_ detections: [Detection], version: Int) -> [AutomaticBox] {
        detections.enumerated().map { AutomaticBox($0.element, id: $0.offset + 1, version: version) }
    }
}

/// The colour in which the front end draws boxes of a label.
enum LabelColor {
    /// Told apart easily on pictures: the palette "Tableau 10" without its grey.
    private static let palette = [
        "#1F77B4", "#FF7F0E", "#2CA02C", "#D62728", "#9467BD", "#8C564B", "#E377C2", "#BCBD22", "#17BECF",
    ]

    /// Chosen by FNV-1a, which unlike Swift's own hash is the same in every process
    /// (<https://datatracker.ietf.org/doc/html/draft-eastlake-fnv>).
    static func of(_ label: String) -> String {
        let hash = label.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        return Self.palette[Int(hash % UInt32(Self.palette.count))]
    }
}

extension Double {
    /// Unlike hundredths, sixteenths of a pixel add up exactly: no box ends outside its picture by rounding.
    fileprivate var roundedToSixteenths: Double { (self * 16).rounded() / 16 }
}
