import Domain

/// Has a detector in the Ultralytics form run by servers that speak KServe's Open Inference Protocol v2, such as
/// Triton, OpenVINO Model Server or KServe itself.
package struct RemoteEngine: DetectionEngine {
    package let inputWidth: Int
    package let inputHeight: Int
    package let batchCount: Int

    private let servers: InferenceServers
    private let path: String
    private let body: InferenceBody
    private let output: DetectorOutput
    private let fixedBatchCount: Int?

    package struct Settings: Sendable {
        /// The model's name on the servers.
        package let model: String
        /// Names of the classes in the order of their scores, for which the protocol has no place; empty numbers them
        /// from 0.
        package let classNames: [String]
        /// Below it nothing is a detection, 0 … 1.
        package let confidence: Double
        /// The side of the input for models that take any size.
        package let inputSize: Int?

        package init(model: String, classNames: [String], confidence: Double, inputSize: Int?) {
            self.model = model
            self.classNames = classNames
            self.confidence = confidence
            self.inputSize = inputSize
        }
    }

    /// Pictures in a batch where the model leaves it open.
    private static let usualBatchCount = 8

    /// Asks a server what the model takes and gives.
    ///
    /// - Throws: ``EngineError/Code/unavailable`` when no server is ready with the model,
    ///   ``EngineError/Code/badAnswer``, ``EngineError/Code/badModel`` for a model of another form.
    package init(_ settings: Settings, at servers: InferenceServers) async throws(EngineError) {
        let path = "v2/models/\(Self.escaped(settings.model))"
        let model = try await servers.get(path, as: InferenceMessage.Model.self)
        let server = try await servers.get("v2", as: InferenceMessage.Server.self)
        guard let input = model.inputs.first, model.inputs.count == 1, input.datatype == "FP32", input.shape.count == 4,
            [3, -1].contains(input.shape[1])
        else {
            throw EngineError(
                .badModel, "\(settings.model) does not take one FP32 tensor [pictures, 3, height, width].")
        }
        guard let output = model.outputs.first else { throw EngineError(.badModel, "\(settings.model) has no output.") }
        let sizes = input.shape.map { $0 > 0 ? $0 : nil }
        guard let height = sizes[2] ?? settings.inputSize, let width = sizes[3] ?? settings.inputSize,
            (32...4096).contains(width), (32...4096).contains(height)
        else {
            throw EngineError(
                .badModel, "\(settings.model) does not say what size its pictures have; give input_size.")
        }
        self.inputWidth = width
        self.inputHeight = height
        self.fixedBatchCount = sizes[0]
        self.batchCount = sizes[0] ?? Self.usualBatchCount
        self.servers = servers
        self.path = path
        self.body = InferenceBody(
            inputName: input.name, outputName: output.name,
            isBinary: server.extensions?.contains("binary_tensor_data") ?? false)
        self.output = DetectorOutput(
            classNames: try Self.classNames(settings, output), leastConfidence: settings.confidence)
    }

    private static func classNames(
        _ settings: Settings, _ output: InferenceMessage.TensorForm
    ) throws(EngineError) -> [String] {
        let count = output.shape.count == 3 && output.shape[1] > 0 ? output.shape[1] - 4 : nil
        if settings.classNames.isEmpty, let count, count > 0 { return (0..<count).map(String.init) }
        guard !settings.classNames.isEmpty, settings.classNames.count == count ?? settings.classNames.count else {
            throw EngineError(
                .badModel,
                "\(settings.model) gives \(count.map(String.init) ?? "an unknown number of") classes, and the version names "
                    + "\(settings.classNames.count).")
        }
        return settings.classNames
    }

    package func makeDetector() -> any ClipDetector { Detector(engine: self) }

    /// Pictures are independent of each other.
    private struct Detector: ClipDetector {
        let engine: RemoteEngine

        func detect(in batch: PictureBatch) async throws(EngineError) -> [[Detection]] {
            try await self.engine.detections(in: batch)
        }
    }

    private func detections(in batch: PictureBatch) async throws(EngineError) -> [[Detection]] {
        var values = batch.values
        let pictureCount = self.fixedBatchCount ?? batch.count
        // A model with a fixed batch gets the missing pictures in black.
        let missing = pictureCount * 3 * batch.width * batch.height - values.count
        if missing > 0 { values.append(contentsOf: repeatElement(0, count: missing)) }
        let request: (body: [UInt8], headers: [String: String])
        do {
            request = try self.body.request(values, shape: [pictureCount, 3, batch.height, batch.width])
        } catch {
            throw EngineError(.failed, "The request for inference cannot be written: \(error)")
        }
        let answer = try await self.servers.post("\(self.path)/infer", body: request.body, headers: request.headers)
        let length = answer.headers[InferenceBody.lengthHeader.lowercased()].flatMap { Int($0) }
        let output = try self.body.output(of: answer.body, jsonByteCount: length)
        do {
            return try self.output.detections(in: output.values, shape: output.shape, placements: batch.placements)
        } catch {
            throw EngineError(.badAnswer, error.message)
        }
    }

    /// A name as one component of a path (RFC 3986).
    private static func escaped(_ name: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return name.utf8.reduce(into: "") { text, byte in
            let character = Character(UnicodeScalar(byte))
            if character.isASCII, character.isLetter || character.isNumber || "-._~".contains(character) {
                text.append(character)
            } else {
                text += ["%", digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}
