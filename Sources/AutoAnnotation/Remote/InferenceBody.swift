import FoundationEssentials

/// Writes requests for inference and reads their answers, in plain JSON or with the numbers in binary
/// (Triton's extension "binary tensor data", announced as `binary_tensor_data`).
struct InferenceBody {
    let inputName: String
    let outputName: String
    let isBinary: Bool

    /// The name of the header that tells where JSON ends and numbers begin.
    static let lengthHeader = "Inference-Header-Content-Length"

    /// A request's body and headers.
    func request(_ values: [Float], shape: [Int]) throws -> (body: [UInt8], headers: [String: String]) {
        guard self.isBinary else {
            return (self.plainJSON(values, shape: shape), ["Content-Type": "application/json"])
        }
        let message = InferenceMessage.BinaryRequest(
            inputs: [.init(name: self.inputName, shape: shape, parameters: ["binary_data_size": 4 * values.count])],
            outputs: [.init(name: self.outputName)])
        var body = [UInt8](try JSONEncoder().encode(message))
        let headers = ["Content-Type": "application/octet-stream", Self.lengthHeader: String(body.count)]
        body.reserveCapacity(body.count + 4 * values.count)
        for value in values {
            let bits = value.bitPattern
            for shift in [0 as UInt32, 8, 16, 24] { body.append(UInt8(truncatingIfNeeded: bits >> shift)) }
        }
        return (body, headers)
    }

    /// The wanted output of an answer.
    ///
    /// - Parameter jsonByteCount: where the numbers begin, from the answer's header; `nil` when they are in the JSON.
    /// - Throws: ``EngineError/Code/badAnswer``.
    func output(of body: [UInt8], jsonByteCount: Int?) throws(EngineError) -> (values: [Float], shape: [Int]) {
        let json = body.prefix(jsonByteCount.map { max(0, $0) } ?? body.count)
        let response: InferenceMessage.Response
        do {
            response = try JSONDecoder().decode(InferenceMessage.Response.self, from: Data(json))
        } catch {
            throw Self.nonsense("its answer is not the protocol's JSON")
        }
        guard let tensor = response.outputs.first(where: { $0.name == self.outputName }) else {
            throw Self.nonsense("its answer lacks the output \(self.outputName)")
        }
        guard tensor.datatype == "FP32" else { throw Self.nonsense("its output is of the type \(tensor.datatype)") }
        let values: [Float]
        if let byteCount = tensor.parameters?.binaryDataSize {
            // Only one output was asked for, so its numbers are all that follows.
            let bytes = body.dropFirst(json.count)
            guard bytes.count == byteCount, byteCount % 4 == 0 else { throw Self.nonsense("its numbers are cut off") }
            values = Self.floats(in: bytes)
        } else {
            values = tensor.data?.values ?? []
        }
        guard tensor.shape.count == 3, Self.count(of: tensor.shape) == values.count else {
            throw Self.nonsense("it gives \(values.count) numbers for the shape \(tensor.shape)")
        }
        return (values, tensor.shape)
    }

    /// The numbers in a tensor of a shape that somebody else wrote; `nil` for an impossible one.
    private static func count(of shape: [Int]) -> Int? {
        shape.reduce(1 as Int?) { count, size in
            guard let count, size > 0 else { return nil }
            let (product, hasOverflown) = count.multipliedReportingOverflow(by: size)
            return hasOverflown ? nil : product
        }
    }

    private static func nonsense(_ reason: String) -> EngineError {
        EngineError(.badAnswer, "The inference server answers nonsense: \(reason).")
    }

    private static func floats(in bytes: ArraySlice<UInt8>) -> [Float] {
        stride(from: bytes.startIndex, to: bytes.endIndex, by: 4).map { start in
            let bits = (0..<4).reduce(0 as UInt32) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
            return Float(bitPattern: bits)
        }
    }

    /// Samples have 256 levels, so their texts are made once: JSON's own encoder takes seconds for a batch.
    private func plainJSON(_ values: [Float], shape: [Int]) -> [UInt8] {
        let name = self.inputName.filter { $0 != "\"" && $0 != "\\" }
        let head = "{\"inputs\":[{\"name\":\"\(name)\",\"datatype\":\"FP32\",\"shape\":\(shape),\"data\":["
        var body = Array(head.utf8)
        body.reserveCapacity(values.count * 8)
        for (index, value) in values.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            let level = Int((value * 255).rounded())
            let isLevel = (0...255).contains(level) && Float(level) / 255 == value
            body.append(contentsOf: isLevel ? Self.levelTexts[level] : Array("\(value)".utf8))
        }
        body.append(contentsOf: Array("]}]}".utf8))
        return body
    }

    private static let levelTexts = (0...255).map { Array("\(Float($0) / 255)".utf8) }
}
