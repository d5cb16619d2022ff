internal import Domain
internal import PhotoMetadata

/// The parts of a results file in MegaDetector's batch output format 1.6.
///
/// Source: <https://lila.science/megadetector-output-format>.
struct MegaDetectorText {
    /// Numbers of the labels, from "1".
    private let categories: [String: String]
    private let labels: [String]
    private let hasRoots: Bool

    /// - Parameters:
    ///   - labels: all that occur, in the order of their numbers.
    ///   - hasRoots: whether paths begin with the name of their root, since there are several.
    init(labels: [String], hasRoots: Bool) {
        self.labels = labels
        self.hasRoots = hasRoots
        self.categories = Dictionary(
            uniqueKeysWithValues: labels.enumerated().map { ($0.element, String($0.offset + 1)) })
    }

    /// All that stands before the first image.
    func begin(model: String) -> String {
        let categories = self.labels.enumerated().map { "\"\($0.offset + 1)\": \(JSONText.string($0.element))" }
        return """
            {
             "info": {"format_version": "1.6", "detector": \(JSONText.string(model))},
             "detection_categories": {\(categories.joined(separator: ", "))},
             "images": [

            """
    }

    /// One image, without the comma behind it. Boxes are relative to the upright picture.
    func image(_ result: PhotoResult) -> String {
        let photo = result.photo
        var fields = ["\"file\": \(JSONText.string(self.hasRoots ? "\(photo.root)/\(photo.path)" : photo.path))"]
        if let time = result.metadata.dateTime {
            fields.append("\"datetime\": \(JSONText.string(time.spaced))")
        }
        guard let width = result.width, let height = result.height, result.failure == nil else {
            fields.append("\"failure\": \(JSONText.string(result.failure ?? "unknown"))")
            fields.append("\"detections\": null")
            return "  {\(fields.joined(separator: ", "))}"
        }
        fields.append("\"width\": \(width), \"height\": \(height)")
        let detections = result.detections.map { self.detection($0, width: Double(width), height: Double(height)) }
        fields.append("\"detections\": [\(detections.joined(separator: ", "))]")
        return "  {\(fields.joined(separator: ", "))}"
    }

    static let end = "\n ]\n}\n"

    private func detection(_ detection: Detection, width: Double, height: Double) -> String {
        let box = detection.box
        let numbers = [box.x / width, box.y / height, box.width / width, box.height / height]
        let place = numbers.map { FixedPoint.text($0, decimals: 5) }.joined(separator: ", ")
        let confidence = FixedPoint.text(detection.confidence, decimals: 4)
        let category = self.categories[detection.label] ?? "0"
        return "{\"category\": \"\(category)\", \"conf\": \(confidence), \"bbox\": [\(place)]}"
    }
}
