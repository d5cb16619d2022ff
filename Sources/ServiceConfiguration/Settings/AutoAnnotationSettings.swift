/// `[AutoAnnotation.<n>]`: what version n of auto annotation is.
package struct AutoAnnotationSettings: Hashable, Sendable {
    package enum Engine: String, CaseIterable, Sendable {
        /// Background subtraction; needs no model.
        case motion
        /// A detector in the Ultralytics YOLO form.
        case onnx
        /// A model behind KServe v2's REST protocol.
        case remote
    }

    /// n ≥ 1.
    package let version: Int
    package let engine: Engine
    /// onnx: a path below `[Folders] models` or an object's key; remote: the model's name on the server; else `nil`.
    package let model: String?
    /// remote: where the servers are, without slashes at their ends; else empty.
    package let urls: [String]
    /// onnx: what the model file must have, 64 lower-case hexadecimal digits.
    package let sha256: String?
    /// The model's labels in the model's order and what the project calls them; empty keeps all as the model has them.
    package let labels: [NamedValue<String>]
    /// The least confidence of a box, 0 … 1.
    package let confidence: Double
    /// Intersection over union above which the weaker of two boxes of a class is dropped, 0 … 1.
    package let iou: Double
    /// Whether boxes of one object share a `trackId`.
    package let tracks: Bool
    /// The side of the model's input in pixels, for models that take any.
    package let inputSize: Int?
    package let note: String?

    init(_ values: SectionValues<AutoAnnotationKeys>, version: Int) throws(ConfigurationError) {
        self.version = version
        self.engine = try values.engine
        self.model = try values.model
        self.urls = try values.urls
        self.sha256 = try values.sha256
        self.labels = try values.labels
        self.confidence = try values.confidence
        self.iou = try values.iou
        self.tracks = try values.track
        self.inputSize = try values.inputSize
        self.note = try values.note
        try self.checkEngine(values)
    }

    /// Refuses a key that the engine needs and lacks, or has and cannot use.
    private func checkEngine(_ values: SectionValues<AutoAnnotationKeys>) throws(ConfigurationError) {
        let engine = self.engine.rawValue
        if self.engine != .motion, self.model == nil {
            throw values.conflict(about: \.engine, "\(engine) needs a model beside it")
        }
        if self.engine == .motion, self.model != nil {
            throw values.conflict(about: \.model, "is of no use to the engine motion")
        }
        if self.engine == .remote, self.urls.isEmpty {
            throw values.conflict(about: \.engine, "remote needs a url beside it")
        }
        if self.engine != .remote, !self.urls.isEmpty {
            throw values.conflict(about: \.urls, "is of no use to the engine \(engine)")
        }
        if self.engine != .onnx, self.sha256 != nil {
            throw values.conflict(about: \.sha256, "is of no use to the engine \(engine)")
        }
    }

    /// Every version that the settings name, by number; version 1 is there without being named, since it needs no
    /// model.
    static func versions(in source: SettingsSource) throws(ConfigurationError) -> [Int: AutoAnnotationSettings] {
        var versions: [Int: AutoAnnotationSettings] = [:]
        for number in source.numbers(of: AutoAnnotationKeys()).union([1]).sorted() {
            let values = source.values(of: AutoAnnotationKeys(), number: number)
            versions[number] = try AutoAnnotationSettings(values, version: number)
        }
        return versions
    }
}
