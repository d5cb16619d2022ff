package import FoundationEssentials

/// What one auto-annotation version is: a section of `config.cfg`, or a document of `ContentAnnotator`.
package struct AnnotatorVersion: Codable, Hashable, Sendable {
    /// What requests name in `auto_anno_version`, from 1.
    package let number: Int
    package let meaning: AnnotatorMeaning
    /// onnx: a file in the folder of models, or an object's key; else `nil`.
    package let modelFile: String?
    /// remote: where the servers are, without slashes at their ends; else empty.
    package let urls: [String]
    /// What people want to remember of it.
    package let note: String?
    /// When it was registered; `nil` for versions of the configuration.
    package let createdAt: Date?

    private enum CodingKeys: String, CodingKey {
        case number = "_id"
        case meaning, modelFile, urls, note, createdAt
    }

    package init(
        number: Int, meaning: AnnotatorMeaning, modelFile: String? = nil, urls: [String] = [], note: String? = nil,
        createdAt: Date? = nil
    ) {
        self.number = number
        self.meaning = meaning
        self.modelFile = modelFile
        self.urls = urls
        self.note = note
        self.createdAt = createdAt
    }

    /// The same version, with the digest that its model file turned out to have.
    package func with(sha256: String) -> AnnotatorVersion {
        var meaning = self.meaning
        meaning.sha256 = sha256
        return AnnotatorVersion(
            number: self.number, meaning: meaning, modelFile: self.modelFile, urls: self.urls, note: self.note,
            createdAt: self.createdAt)
    }
}

/// What boxes depend on. Once boxes carry a version's number, that number keeps its meaning for ever; where a model
/// lies and what a note says may change.
package struct AnnotatorMeaning: Codable, Hashable, Sendable {
    package enum Engine: String, Codable, Sendable, CaseIterable {
        /// Background subtraction; needs no model.
        case motion
        /// A detector in the Ultralytics form, run here.
        case onnx
        /// A detector behind KServe v2's REST protocol.
        case remote
    }

    package let engine: Engine
    /// remote: the model's name on the servers; else `nil`.
    package let modelName: String?
    /// onnx: of the model file, 64 lower-case hexadecimal digits; `nil` where nobody has looked at it yet.
    package fileprivate(set) var sha256: String?
    package let labels: LabelMapping
    /// The least confidence of a box, 0 … 1.
    package let confidence: Double
    /// The overlap above which the weaker of two boxes of a label goes, 0 … 1.
    package let iou: Double
    /// Whether boxes of one object share a `trackId`.
    package let tracks: Bool
    /// The side of the model's input in pixels, for models that take any.
    package let inputSize: Int?

    package init(
        engine: Engine, modelName: String? = nil, sha256: String? = nil, labels: LabelMapping = LabelMapping(),
        confidence: Double, iou: Double, tracks: Bool, inputSize: Int? = nil
    ) {
        self.engine = engine
        self.modelName = modelName
        self.sha256 = sha256
        self.labels = labels
        self.confidence = confidence
        self.iou = iou
        self.tracks = tracks
        self.inputSize = inputSize
    }
}
