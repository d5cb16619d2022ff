import AutoAnnotation
import Domain
import FoundationEssentials
import FrameKit
import TestSupport

@testable import BatchDetection

/// A folder for one test, and an engine that needs no model: it finds the picture's left half when that is bright.
struct BatchFixture {
    let folder: String

    static func with<Result>(_ body: (BatchFixture) async throws -> Result) async throws -> Result {
        let folder = "\(FileManager.default.temporaryDirectory.path())/batch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }  // Nothing is lost when it stays.
        return try await body(BatchFixture(folder: folder))
    }

    func path(_ name: String) -> String { "\(self.folder)/\(name)" }

    func write(_ bytes: [UInt8], to name: String) throws {
        let url = URL(filePath: self.path(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
    }

    func run(_ collection: PhotoCollection, output: String, inclusion: ImageInclusion = .all) -> DetectionRun {
        let meaning = AnnotatorMeaning(engine: .onnx, confidence: 0.3, iou: 0.5, tracks: false)
        let rules = ClipAnnotator.Rules(labels: LabelMapping(), confidence: 0.3, overlap: 0.5, tracks: false)
        return DetectionRun(
            collection, PhotoDetector(BrightHalfEngine(), rules: rules),
            about: ReportAbout(
                version: AnnotatorVersion(number: 2, meaning: meaning, modelFile: "models/halves.onnx"),
                confidence: 0.3,
                inclusion: inclusion),
            limits: .standard, output: self.path(output), decoderCount: 2)
    }

    /// A grey JPEG of 16 × 8 pixels, all bright or all dark.
    static func jpeg(isBright: Bool) throws -> [UInt8] {
        let level: UInt8 = isBright ? 230 : 20
        let png = try PNGFile.grey(width: 16, height: 8, level: level)
        let picture = try OriginalPicture(png, name: "grey.png", limits: .standard).picture
        var encoder = try JPEGEncoder(quality: 90)
        return try encoder.encode(picture)
    }
}

/// Finds "half" at the left of every picture whose middle is bright.
struct BrightHalfEngine: DetectionEngine {
    let inputWidth = 16
    let inputHeight = 16
    let batchCount = 2

    func makeDetector() -> any ClipDetector { Detector() }

    private struct Detector: ClipDetector {
        mutating func detect(in batch: PictureBatch) async throws(EngineError) -> [[Detection]] {
            batch.placements.indices.map { picture in
                let middle = batch.values[picture * 3 * 256 + 8 * 16 + 8]
                guard middle > 0.5 else { return [] }
                let place = batch.placements[picture]
                let box = Box(
                    x: 0, y: 0, width: Double(place.pictureWidth) / 2, height: Double(place.pictureHeight))
                return [Detection(box: box, label: "half", confidence: Double(middle))]
            }
        }
    }
}
