import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import SystemPackage
import _NIOFileSystem

/// A model file that comes as the body of a registration, streamed to a file of the work folder.
struct ModelUpload: Sendable {
    /// The folder for the file; made when it is missing.
    let folder: String

    /// Bytes of a model, at most.
    private static let limit = 2 << 30

    /// Whether the request's body is a model file, not fields.
    static func isModel(_ request: Request) -> Bool {
        request.method == .post && request.uri.path.hasSuffix("/autoAnnotationVersions")
            && request.headers[.contentType]?.lowercased().hasPrefix("application/octet-stream") == true
    }

    /// Lends the received file's path to `body` and removes the file afterwards.
    ///
    /// - Throws: ``Problem`` with 413 for larger files.
    func withFile<Success>(
        from request: Request, _ body: (_ path: String) async throws -> Success
    ) async throws -> Success {
        let files = FileSystem.shared
        try await files.createDirectory(at: FilePath(self.folder), withIntermediateDirectories: true)
        let path = "\(self.folder)/upload-\(UUID().uuidString).part"
        do {
            try await Self.receive(request, at: path, in: files)
            let result = try await body(path)
            try await files.removeItem(at: FilePath(path))
            return result
        } catch {
            _ = try? await files.removeItem(at: FilePath(path))  // The first error is the one to tell.
            throw error
        }
    }

    private static func receive(_ request: Request, at path: String, in files: FileSystem) async throws {
        try await files.withFileHandle(
            forWritingAt: FilePath(path), options: .newFile(replaceExisting: true)
        ) { file in
            var written: Int64 = 0
            for try await chunk in request.body {
                guard written + Int64(chunk.readableBytes) <= Self.limit else {
                    throw Problem(413, "The model has more than \(Self.limit) bytes.")
                }
                written += try await file.write(contentsOf: chunk, toAbsoluteOffset: written)
            }
        }
    }
}
