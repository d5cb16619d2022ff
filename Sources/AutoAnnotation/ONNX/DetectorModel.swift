internal import FoundationEssentials

/// What a detector's ONNX file says of itself, read without running it.
///
/// Field numbers are those of ONNX's own definition (<https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3>); the
/// entries `names` and `imgsz` are what Ultralytics' exports add.
package struct DetectorModel: Hashable, Sendable {
    /// Names of the classes in the order of their scores.
    package let classNames: [String]
    /// The input's size in pixels.
    package let inputWidth: Int
    package let inputHeight: Int
    /// Pictures in one batch; `nil` when the model takes any number.
    package let fixedBatchCount: Int?

    /// Reads the file at `path`; blocks on the disk.
    ///
    /// - Parameters:
    ///   - inputSize: the side of the input for models that take any size and do not say which they are made for.
    ///   - name: of the file, in messages.
    /// - Throws: ``EngineError/Code/badModel`` when it cannot be read, is no ONNX model, or one of another form.
    package init(path: String, name: String, inputSize: Int? = nil) throws(EngineError) {
        let bytes: Data
        do {
            // Mapped: of a model of some hundred megabytes only the description is read.
            bytes = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        } catch {
            throw EngineError(.badModel, "The model file \(name) cannot be read.")
        }
        try self.init(bytes: bytes, name: name, inputSize: inputSize)
    }

    init(bytes: Data, name: String, inputSize: Int? = nil) throws(EngineError) {
        let contents: ModelContents
        do throws(ProtobufReader.Malformed) {
            contents = try ModelContents(bytes)
        } catch {
            throw EngineError(.badModel, "\(name) is no ONNX model.")
        }
        guard let input = contents.inputs.first, contents.inputs.count == 1, input.count == 4 else {
            throw EngineError(.badModel, "\(name) does not take one tensor [pictures, 3, height, width].")
        }
        guard input[1] == 3 || input[1] == nil else {
            throw EngineError(.badModel, "\(name) takes pictures of \(input[1] ?? 0) channels instead of 3.")
        }
        guard let names = contents.metadata["names"].flatMap(PythonLiteral.names(in:)), !names.isEmpty else {
            throw EngineError(.badModel, "\(name) has no class names in its metadata, as Ultralytics' exports do.")
        }
        let stated = contents.metadata["imgsz"].flatMap(PythonLiteral.numbers(in:)) ?? []
        guard let height = input[2] ?? stated.first ?? inputSize, let width = input[3] ?? stated.last ?? inputSize,
            (32...4096).contains(width), (32...4096).contains(height)
        else { throw EngineError(.badModel, "\(name) does not say what size its pictures have; give input_size.") }
        self.classNames = names
        self.inputWidth = width
        self.inputHeight = height
        self.fixedBatchCount = input[0]
        try Self.check(contents.outputs, classCount: names.count, name: name)
    }

    private static func check(_ outputs: [[Int?]], classCount: Int, name: String) throws(EngineError) {
        guard let output = outputs.first, output.count == 3 else {
            throw EngineError(.badModel, "\(name) does not give one tensor [pictures, 4 + classes, anchors].")
        }
        guard let rows = output[1], rows != 4 + classCount else { return }
        throw EngineError(
            .badModel, "\(name) gives \(rows) rows for each box instead of 4 and one for each of \(classCount) classes."
        )
    }
}

/// The parts of an ONNX file that say what goes in and comes out.
private struct ModelContents {
    var metadata: [String: String] = [:]
    /// Shapes, with `nil` for sizes that may vary.
    var inputs: [[Int?]] = []
    var outputs: [[Int?]] = []

    init(_ model: Data) throws(ProtobufReader.Malformed) {
        var fields = ProtobufReader(model)
        var hasGraph = false
        while let (field, value) = try fields.next() {
            guard case .bytes(let bytes) = value else { continue }
            if field == 7 {
                hasGraph = true
                try self.readGraph(bytes)
            }
            if field == 14 { try self.readEntry(bytes) }
        }
        guard hasGraph else { throw ProtobufReader.Malformed() }
    }

    private mutating func readGraph(_ graph: Data) throws(ProtobufReader.Malformed) {
        var fields = ProtobufReader(graph)
        while let (field, value) = try fields.next() {
            guard case .bytes(let bytes) = value else { continue }
            if field == 11 { self.inputs.append(try Self.shape(ofValue: bytes)) }
            if field == 12 { self.outputs.append(try Self.shape(ofValue: bytes)) }
        }
    }

    private mutating func readEntry(_ entry: Data) throws(ProtobufReader.Malformed) {
        let texts = try Self.children(of: entry)
        guard let key = texts[1]?.first, let value = texts[2]?.first else { return }
        self.metadata[String(decoding: key, as: UTF8.self)] = String(decoding: value, as: UTF8.self)
    }

    /// ValueInfoProto.type (2) · TypeProto.tensor_type (1) · Tensor.shape (2) · TensorShapeProto.dim (1) · dim_value
    /// (1).
    private static func shape(ofValue info: Data) throws(ProtobufReader.Malformed) -> [Int?] {
        guard let type = try Self.children(of: info)[2]?.first, let tensor = try Self.children(of: type)[1]?.first,
            let shape = try Self.children(of: tensor)[2]?.first
        else { return [] }
        var sizes: [Int?] = []
        for size in try Self.children(of: shape)[1] ?? [] {
            var fields = ProtobufReader(size)
            var known: Int?
            while let (field, value) = try fields.next() {
                if field == 1, case .number(let number) = value { known = Int(exactly: number) }
            }
            sizes.append(known)
        }
        return sizes
    }

    /// The texts and messages inside `message`, by their field.
    private static func children(
        of message: Data
    ) throws(ProtobufReader.Malformed) -> [Int: [Data]] {
        var fields = ProtobufReader(message)
        var children: [Int: [Data]] = [:]
        while let (field, value) = try fields.next() {
            if case .bytes(let bytes) = value { children[field, default: []].append(bytes) }
        }
        return children
    }
}
