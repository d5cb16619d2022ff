internal import ContentPipeline
package import Domain
internal import FoundationEssentials

/// Which photos lie in the report, as they are and with their boxes drawn.
package enum ImageInclusion: String, Sendable, CaseIterable, Codable {
    case detected, all, none

    func includes(_ result: PhotoResult) -> Bool {
        switch self {
        case .detected: !result.detections.isEmpty
        case .all: result.failure == nil
        case .none: false
        }
    }
}

/// What a report says of how it was made. Nothing of when: the same photos give the same bytes.
package struct ReportAbout: Sendable {
    /// With the digest of its model.
    let version: AnnotatorVersion
    /// The least confidence of a box, 0 … 1.
    let confidence: Double
    let inclusion: ImageInclusion

    package init(version: AnnotatorVersion, confidence: Double, inclusion: ImageInclusion) {
        self.version = version
        self.confidence = confidence
        self.inclusion = inclusion
    }

    /// The model as people know it: the name of its file, or on its server.
    var modelName: String {
        let file = self.version.modelFile?.split(separator: "/").last.map(String.init)
        return file ?? self.version.meaning.modelName ?? "version \(self.version.number)"
    }

    /// All that boxes depend on.
    var annotatorText: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let meaning = try? encoder.encode(self.version.meaning) else { return "" }  // Values of JSON alone.
        return "\(String(decoding: meaning, as: UTF8.self)) \(self.confidence)"
    }
}
