import Domain
import ContentPipeline
import FoundationEssentials

/// An auto-annotation version as clients see it.
struct AnnotatorView: Encodable {
    let version: Int
    let engine: AnnotatorMeaning.Engine
    /// onnx: the model file or its object's key; remote: the model's name.
    let model: String?
    let sha256: String?
    let urls: [String]
    let labels: LabelMapping
    let confidence: Double
    let iou: Double
    let track: Bool
    let inputSize: Int?
    let note: String?
    let createdAt: Date?
    /// Whether it stands in the configuration.
    let configured: Bool
    /// Whether boxes may refer to it, so that it keeps its meaning.
    let used: Bool

    private enum CodingKeys: String, CodingKey {
        case version, engine, model, sha256
        case urls = "url"
        case labels, confidence, iou, track
        case inputSize = "input_size"
        case note, createdAt, configured, used
    }

    init(_ entry: AnnotatorRegistry.Entry) {
        let meaning = entry.version.meaning
        self.version = entry.version.number
        self.engine = meaning.engine
        self.model = entry.version.modelFile ?? meaning.modelName
        self.sha256 = meaning.sha256
        self.urls = entry.version.urls
        self.labels = meaning.labels
        self.confidence = meaning.confidence
        self.iou = meaning.iou
        self.track = meaning.tracks
        self.inputSize = meaning.inputSize
        self.note = entry.version.note
        self.createdAt = entry.version.createdAt
        self.configured = entry.isConfigured
        self.used = entry.isUsed
    }

    /// One line for a list.
    var line: String {
        let facts = [
            "\(self.version)", self.engine.rawValue, self.model, self.configured ? "configuration" : nil,
            self.used ? "used" : nil, self.note,
        ]
        return facts.compactMap(\.self).joined(separator: "  ")
    }
}
