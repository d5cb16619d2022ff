import Domain
internal import Blocking
internal import FoundationEssentials

/// Runs a detector in the Ultralytics form by OpenVINO, on the CPU.
///
/// The first batch loads the library and the model; work runs on a thread of its own.
package actor ONNXEngine: DetectionEngine {
    private nonisolated let executor = BlockingExecutor(label: "autoannotation.onnx")
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    package nonisolated let inputWidth: Int
    package nonisolated let inputHeight: Int
    package nonisolated let batchCount: Int

    private let detector: DetectorModel
    private let output: DetectorOutput
    private let settings: Settings
    private var model: OpenVINOModel?

    package struct Settings: Sendable {
        /// The ONNX file.
        package let modelPath: String
        /// Where OpenVINO's wheel is unpacked.
        package let libraryFolder: String
        /// For compiled models; made when it is missing.
        package let cacheFolder: String
        /// Threads that inference may use.
        package let threadCount: Int
        /// Below it nothing is a detection, 0 … 1.
        package let confidence: Double

        package init(
            modelPath: String, libraryFolder: String, cacheFolder: String, threadCount: Int, confidence: Double
        ) {
            self.modelPath = modelPath
            self.libraryFolder = libraryFolder
            self.cacheFolder = cacheFolder
            self.threadCount = threadCount
            self.confidence = confidence
        }
    }

    /// Pictures in a batch where the model leaves it open: more bring nothing on a CPU and cost memory.
    private static let usualBatchCount = 8

    /// - Parameter detector: what the model says of itself.
    package init(_ detector: DetectorModel, _ settings: Settings) {
        self.detector = detector
        self.settings = settings
        self.output = DetectorOutput(classNames: self.detector.classNames, leastConfidence: settings.confidence)
        self.inputWidth = self.detector.inputWidth
        self.inputHeight = self.detector.inputHeight
        self.batchCount = self.detector.fixedBatchCount ?? Self.usualBatchCount
    }

    /// Loads the library and the model and runs it once on grey, so that what is wrong with either shows before work
    /// begins.
    ///
    /// - Throws: ``EngineError/Code/notInstalled``, ``EngineError/Code/badModel``.
    package func prepare() throws(EngineError) {
        let grey = [Float](repeating: 114.0 / 255, count: 3 * self.inputWidth * self.inputHeight)
        let placement = PicturePlacement(
            pictureWidth: self.inputWidth, pictureHeight: self.inputHeight, scaleX: 1, scaleY: 1, left: 0, top: 0)
        _ = try self.detections(
            in: PictureBatch(width: self.inputWidth, height: self.inputHeight, values: grey, placements: [placement]))
    }

    package nonisolated func makeDetector() -> any ClipDetector { Detector(engine: self) }

    /// Pictures are independent of each other.
    private struct Detector: ClipDetector {
        let engine: ONNXEngine

        func detect(in batch: PictureBatch) async throws(EngineError) -> [[Detection]] {
            try await self.engine.detections(in: batch)
        }
    }

    private func detections(in batch: PictureBatch) throws(EngineError) -> [[Detection]] {
        guard !Task.isCancelled else { throw EngineError(.cancelled, "The annotation was cancelled.") }
        var model = try self.takeModel()
        var values = batch.values
        let pictureCount = self.detector.fixedBatchCount ?? batch.count
        // A model with a fixed batch gets the missing pictures in black.
        let missing = pictureCount * 3 * batch.width * batch.height - values.count
        if missing > 0 { values.append(contentsOf: repeatElement(0, count: missing)) }
        let result = try model.run(&values, shape: [pictureCount, 3, batch.height, batch.width])
        self.model = consume model
        return try self.output.detections(in: result.values, shape: result.shape, placements: batch.placements)
    }

    /// The open model, or a new one: after an error the old one is not used again.
    private func takeModel() throws(EngineError) -> OpenVINOModel {
        if let model = self.model.take() { return model }
        let library = try OpenVINOLibrary(folder: self.settings.libraryFolder)
        let lock = try CacheFolder(path: self.settings.cacheFolder).lock()
        let model = try OpenVINOModel.compile(
            self.settings.modelPath, with: library, threadCount: self.settings.threadCount,
            cacheFolder: self.settings.cacheFolder)
        lock.release()
        return model
    }
}
