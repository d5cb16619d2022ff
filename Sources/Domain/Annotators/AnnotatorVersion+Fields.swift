package import FoundationEssentials

extension AnnotatorVersion {
    /// Reads the fields of a registration: `version`, `engine`, `model`, `url`, `sha256`, `labels`, `confidence`,
    /// `iou`, `track`, `input_size`, `note`; those that are absent have the defaults of `config.cfg`.
    ///
    /// - Throws: ``FieldErrors`` naming every bad field at once.
    package init(fields: [String: String], createdAt: Date) throws(FieldErrors) {
        var reader = FieldReader(fields)
        let number = reader.integer("version", in: 1...999_999)
        let engine = reader.engine()
        let labels = reader.labels()
        let model = engine == .motion ? nil : reader.text("model")
        let urls = engine == .remote ? reader.urls() : []
        let sha256 = engine == .onnx ? reader.sha256() : nil
        let inputSize = fields["input_size"] == nil ? nil : reader.integer("input_size", in: 32...4096)
        let confidence = reader.share("confidence", default: 0.25)
        let iou = reader.share("iou", default: 0.45)
        let tracks = reader.flag("track")
        guard reader.errors.isEmpty, let number, let engine else { throw FieldErrors(reader.errors) }
        self.init(
            number: number,
            meaning: AnnotatorMeaning(
                engine: engine, modelName: engine == .remote ? model : nil, sha256: sha256, labels: labels,
                confidence: confidence, iou: iou, tracks: tracks, inputSize: inputSize),
            modelFile: engine == .onnx ? model : nil, urls: urls, note: fields["note"], createdAt: createdAt)
    }
}

extension FieldReader {
    fileprivate mutating func engine() -> AnnotatorMeaning.Engine? {
        guard let text = self.text("engine") else { return nil }
        if let engine = AnnotatorMeaning.Engine(rawValue: text) { return engine }
        let names = AnnotatorMeaning.Engine.allCases.map(\.rawValue).joined(separator: ", ")
        self.refuse("engine", "engine must be one of \(names).")
        return nil
    }

    /// `label` or `model label=project label`, with commas.
    fileprivate mutating func labels() -> LabelMapping {
        let items = (self.fields["labels"] ?? "").split(separator: ",")
        let pairs = items.map { item in
            let sides = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
            return LabelMapping.Pair(model: sides[0], project: sides[sides.count - 1])
        }
        if pairs.contains(where: { $0.model.isEmpty || $0.project.isEmpty }) {
            self.refuse("labels", "labels must be a list with commas, each item a label or model label=project label.")
        }
        return LabelMapping(pairs)
    }

    fileprivate mutating func urls() -> [String] {
        guard let text = self.text("url") else { return [] }
        return text.split(separator: ",").map { item in
            let url = item.trimmed
            return url.hasSuffix("/") ? String(url.dropLast()) : url
        }
    }

    fileprivate mutating func sha256() -> String? {
        guard let text = self.fields["sha256"], !text.isEmpty else { return nil }
        guard text.utf8.count == 64, text.allSatisfy(\.isHexDigit) else {
            self.refuse("sha256", "sha256 must be 64 hexadecimal digits.")
            return nil
        }
        return text.lowercased()
    }

    fileprivate mutating func share(_ field: String, default standard: Double) -> Double {
        guard let text = self.fields[field], !text.isEmpty else { return standard }
        guard let value = Double(text), (0...1).contains(value) else {
            self.refuse(field, "\(field) must be a number from 0 to 1.")
            return standard
        }
        return value
    }

    fileprivate mutating func flag(_ field: String) -> Bool {
        switch self.fields[field] ?? "" {
        case "", "0", "false": return false
        case "1", "true": return true
        default:
            self.refuse(field, "\(field) must be true or false.")
            return false
        }
    }
}

extension StringProtocol {
    /// Without the blanks at both ends.
    fileprivate var trimmed: String {
        String(self.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
