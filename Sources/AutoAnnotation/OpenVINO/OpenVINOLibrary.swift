internal import COpenVINO
import Glibc

/// OpenVINO's C API, loaded from its wheel when a version first wants it.
///
/// The functions are those of `openvino/c/*.h` in the wheel, each under its name there. Thread-safe: the function
/// pointers never change, and OpenVINO's core locks itself.
@safe
final class OpenVINOLibrary: @unchecked Sendable {  // The initializer alone writes the properties.
    typealias Object = OpaquePointer
    typealias Result<Value> = UnsafeMutablePointer<Value?>

    let coreCreate: @convention(c) (Result<Object>) -> Int32
    let coreFree: @convention(c) (Object) -> Void
    let coreCompile:
        @convention(c) (
            Object, UnsafePointer<CChar>, UnsafePointer<CChar>, Int, UnsafePointer<covino_property>?, Result<Object>
        ) -> Int32
    let modelFree: @convention(c) (Object) -> Void
    let modelCreateRequest: @convention(c) (Object, Result<Object>) -> Int32
    let requestFree: @convention(c) (Object) -> Void
    let requestSetInput: @convention(c) (Object, Object) -> Int32
    let requestInfer: @convention(c) (Object) -> Int32
    let requestGetOutput: @convention(c) (Object, Int, Result<Object>) -> Int32
    let tensorCreate: @convention(c) (UInt32, covino_shape, UnsafeMutableRawPointer?, Result<Object>) -> Int32
    let tensorFree: @convention(c) (Object) -> Void
    let tensorGetShape: @convention(c) (Object, UnsafeMutablePointer<covino_shape>) -> Int32
    let tensorGetType: @convention(c) (Object, UnsafeMutablePointer<UInt32>) -> Int32
    let tensorData: @convention(c) (Object, Result<UnsafeMutableRawPointer>) -> Int32
    let shapeFree: @convention(c) (UnsafeMutablePointer<covino_shape>) -> Int32
    private let lastMessage: @convention(c) () -> UnsafePointer<CChar>?

    /// The release whose C API this is, and what to do when it is not there.
    static let release = "2026.4.1"
    private static let advice =
        "unpack the wheel openvino==\(release) from PyPI into the folder [Folders] openvino (scripts/setup openvino does it)"

    /// - Parameter folder: where the wheel is unpacked; the loader's own folders are looked through as well.
    /// - Throws: ``EngineError/Code/notInstalled``, whose message says what to install.
    init(folder: String) throws(EngineError) {
        let file = "libopenvino_c.so.2641"
        let places = ["\(folder)/openvino/libs/\(file)", "\(folder)/\(file)", file]
        // RTLD_LOCAL: its own oneTBB and others stay its own. Never closed: it starts threads.
        let opened = unsafe places.lazy.compactMap { unsafe dlopen($0, RTLD_NOW | RTLD_LOCAL) }.first
        guard let library = unsafe opened else {
            throw EngineError(.notInstalled, "The engine onnx needs OpenVINO, which is not installed: \(Self.advice).")
        }
        func function<Function>(_ name: String, _ type: Function.Type = Function.self) throws(EngineError) -> Function {
            guard let symbol = unsafe dlsym(library, name) else {
                throw EngineError(.notInstalled, "The OpenVINO that was found lacks \(name): \(Self.advice).")
            }
            return unsafe unsafeBitCast(symbol, to: type)
        }
        unsafe self.coreCreate = try function("ov_core_create")
        unsafe self.coreFree = try function("ov_core_free")
        unsafe self.coreCompile = try function("ov_core_compile_model_from_file_props")
        unsafe self.modelFree = try function("ov_compiled_model_free")
        unsafe self.modelCreateRequest = try function("ov_compiled_model_create_infer_request")
        unsafe self.requestFree = try function("ov_infer_request_free")
        unsafe self.requestSetInput = try function("ov_infer_request_set_input_tensor")
        unsafe self.requestInfer = try function("ov_infer_request_infer")
        unsafe self.requestGetOutput = try function("ov_infer_request_get_output_tensor_by_index")
        unsafe self.tensorCreate = try function("ov_tensor_create_from_host_ptr")
        unsafe self.tensorFree = try function("ov_tensor_free")
        unsafe self.tensorGetShape = try function("ov_tensor_get_shape")
        unsafe self.tensorGetType = try function("ov_tensor_get_element_type")
        unsafe self.tensorData = try function("ov_tensor_data")
        unsafe self.shapeFree = try function("ov_shape_free")
        unsafe self.lastMessage = try function("ov_get_last_err_msg")
    }

    /// Returns when `status` is success, and throws what OpenVINO says otherwise.
    func check(_ status: Int32, _ code: EngineError.Code, _ failure: String) throws(EngineError) {
        guard status != 0 else { return }
        let text = unsafe self.lastMessage().map { unsafe String(cString: $0) } ?? ""
        // OpenVINO's messages have lines about its own source files; the last one tells the reason.
        let reason = text.split(separator: "\n").last.map { $0.prefix(300) } ?? "status \(status)"
        throw EngineError(code, "\(failure): \(reason)")
    }
}
