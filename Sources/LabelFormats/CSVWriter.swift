internal import Domain

/// A table with a line for each box, and one without box for a picture that has none.
///
/// RFC 4180 with a header; corners in pixels from 0.
struct CSVWriter: FormatWriter {
    let classes: ClassList

    private static let file = "annotations.csv"
    private static let columns = [
        "image", "split", "width", "height", "task", "frame", "augmentation", "class", "label", "xmin", "ymin", "xmax",
        "ymax", "track_id", "confidence", "attributes",
    ]

    mutating func begin(pass: Int) -> [FileFragment] { [FileFragment(Self.file, Self.line(Self.columns))] }

    mutating func add(_ image: DatasetImage, pass: Int) -> [FileFragment] {
        let picture = [
            "images/\(image.split.name)/\(image.name).jpg", image.split.name, "\(image.canvas.width)",
            "\(image.canvas.height)", image.taskName, "\(image.frame)", image.augmentation?.rawValue ?? "",
        ]
        let missing = [String](repeating: "", count: Self.columns.count - picture.count)
        let lines = image.boxes.isEmpty ? [picture + missing] : image.boxes.map { picture + self.columns(of: $0) }
        return [FileFragment(Self.file, lines.map(Self.line).joined())]
    }

    mutating func end(pass: Int) -> [FileFragment] { [] }

    func paths(ofTask images: [DatasetImage]) -> [String?] {
        images.map { "images/\($0.split.name)/\($0.name).jpg" }
    }

    private func columns(of classified: ClassifiedBox) -> [String] {
        let (box, labelled) = (classified.box, classified.labelled)
        let corners = [box.x, box.y, box.right, box.bottom].map { FixedPoint.text($0, decimals: 3) }
        return ["\(classified.classNumber)", self.classes.names[classified.classNumber]] + corners + [
            labelled.trackId.map(String.init) ?? "",
            labelled.confidence.map { FixedPoint.text($0, decimals: 4) } ?? "",
            labelled.attributes.isEmpty ? "" : JSONText.object(labelled.attributes),
        ]
    }

    private static func line(_ fields: [String]) -> String {
        let quoted = fields.map { field in
            guard field.contains(where: { "\",\r\n".contains($0) || $0.isNewline }) else { return field }
            let doubled = field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            return "\"\(doubled)\""
        }
        return quoted.joined(separator: ",") + "\r\n"
    }
}
