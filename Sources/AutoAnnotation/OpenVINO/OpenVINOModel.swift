internal import COpenVINO

/// A compiled model that takes one tensor of floats and gives one: a request with its core.
///
/// Used by one thread at a time. Calls block.
@safe
struct OpenVINOModel: ~Copyable {
    private let library: OpenVINOLibrary
    private let core: OpaquePointer
    private var model: OpaquePointer?
    private var request: OpaquePointer?

    /// `element_type` f32 of the C API.
    private static let float32: UInt32 = 4

    private init(_ library: OpenVINOLibrary) throws(EngineError) {
        self.library = library
        var core: OpaquePointer?
        try unsafe library.check(library.coreCreate(&core), .failed, "OpenVINO does not start")
        guard let core = unsafe core else { throw EngineError(.failed, "OpenVINO does not start.") }
        unsafe self.core = unsafe core
    }

    deinit {
        if let request = unsafe self.request { unsafe self.library.requestFree(request) }
        if let model = unsafe self.model { unsafe self.library.modelFree(model) }
        unsafe self.library.coreFree(self.core)
    }

    /// Compiles the model at `path` for the CPU.
    ///
    /// - Parameters:
    ///   - threadCount: that inference may use.
    ///   - cacheFolder: where compiled models are kept; must exist.
    /// - Throws: ``EngineError/Code/badModel`` with OpenVINO's reason.
    static func compile(
        _ path: String, with library: OpenVINOLibrary, threadCount: Int, cacheFolder: String
    ) throws(EngineError) -> OpenVINOModel {
        var compiled = try OpenVINOModel(library)
        // Without the hint, CPUs with bfloat16 would compute in it and give other scores than the rest.
        let properties = [
            ("INFERENCE_PRECISION_HINT", "f32"), ("INFERENCE_NUM_THREADS", String(threadCount)), ("NUM_STREAMS", "1"),
            ("CACHE_DIR", cacheFolder),
        ]
        let status = unsafe withProperties(properties) { list in
            unsafe library.coreCompile(compiled.core, path, "CPU", list.count, list.baseAddress, &compiled.model)
        }
        try library.check(status, .badModel, "OpenVINO refuses the model")
        guard let model = unsafe compiled.model else { throw EngineError(.badModel, "OpenVINO refuses the model.") }
        try unsafe library.check(
            library.modelCreateRequest(model, &compiled.request), .failed, "OpenVINO makes no request")
        return compiled
    }

    /// The first output for `input`, with its shape.
    ///
    /// - Parameter shape: of `input`, whose count is its product.
    mutating func run(_ input: inout [Float], shape: [Int]) throws(EngineError) -> (values: [Float], shape: [Int]) {
        guard let request = unsafe self.request else { throw EngineError(.failed, "OpenVINO makes no request.") }
        let library = self.library
        let status = unsafe input.withUnsafeMutableBytes { bytes -> Int32 in
            var sizes = shape.map(Int64.init)
            return unsafe sizes.withUnsafeMutableBufferPointer { sizes -> Int32 in
                var tensor: OpaquePointer?
                let shape = unsafe covino_shape(rank: Int64(sizes.count), dims: sizes.baseAddress)
                let made = unsafe library.tensorCreate(Self.float32, shape, bytes.baseAddress, &tensor)
                guard made == 0, let tensor = unsafe tensor else { return made == 0 ? -1 : made }
                defer { unsafe library.tensorFree(tensor) }
                let set = unsafe library.requestSetInput(request, tensor)
                return unsafe set == 0 ? library.requestInfer(request) : set
            }
        }
        try library.check(status, .failed, "OpenVINO failed on a batch of pictures")
        var output: OpaquePointer?
        try unsafe library.check(library.requestGetOutput(request, 0, &output), .badModel, "The model has no output")
        guard let output = unsafe output else { throw EngineError(.badModel, "The model has no output.") }
        defer { unsafe library.tensorFree(output) }
        return try unsafe self.contents(of: output)
    }

    private func contents(of tensor: OpaquePointer) throws(EngineError) -> (values: [Float], shape: [Int]) {
        var type: UInt32 = 0
        try unsafe self.library.check(self.library.tensorGetType(tensor, &type), .failed, "The output has no type")
        guard type == Self.float32 else {
            throw EngineError(.badModel, "The model's output does not hold 32-bit floats.")
        }
        var sizes = unsafe covino_shape()
        try unsafe self.library.check(self.library.tensorGetShape(tensor, &sizes), .failed, "The output has no shape")
        defer { _ = unsafe self.library.shapeFree(&sizes) }
        let shape = unsafe UnsafeBufferPointer(start: sizes.dims, count: Int(sizes.rank)).map { Int($0) }
        var data: UnsafeMutableRawPointer?
        try unsafe self.library.check(self.library.tensorData(tensor, &data), .failed, "The output has no data")
        let count = shape.reduce(1, *)
        guard let floats = unsafe data?.assumingMemoryBound(to: Float.self), count > 0 else { return ([], shape) }
        return unsafe ([Float](UnsafeBufferPointer(start: floats, count: count)), shape)
    }
}

/// Lends `properties` in the C API's form.
private func withProperties<Success>(
    _ properties: [(key: String, value: String)], _ body: (UnsafeBufferPointer<covino_property>) -> Success
) -> Success {
    func lend(_ rest: ArraySlice<(key: String, value: String)>, after list: [covino_property]) -> Success {
        guard let (key, value) = rest.first else { return unsafe list.withUnsafeBufferPointer(body) }
        return unsafe key.withCString { key in
            unsafe value.withCString { value in
                unsafe lend(rest.dropFirst(), after: list + [covino_property(key: key, value: value)])
            }
        }
    }
    return unsafe lend(properties[...], after: [])
}
