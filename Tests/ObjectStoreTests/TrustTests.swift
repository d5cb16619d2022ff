import Foundation
import Testing

@testable import ObjectStore

/// Over TLS, to a server whose certificate the system does not know.
@Suite struct TrustTests {
    @Test func serverIsTrustedByTheCAFileOnly() async throws {
        let scratch = try Scratch()
        let server = try TLSServer(scratch)
        // It answers with a page of its own: whoever gets that far trusts it.
        let trusting = await Self.readiness(port: server.port, caFile: server.certificate)
        #expect(trusting?.code == .unavailable)
        #expect(trusting?.message == "the answer is not a listing")
        let strange = await Self.readiness(port: server.port, caFile: nil)
        #expect(strange?.code == .denied)
        let unusable = await Self.readiness(port: server.port, caFile: "\(scratch.path)/none.pem")
        #expect(unusable?.code == .refused)
    }

    private static func readiness(port: Int, caFile: String?) async -> BlobError? {
        await #expect(throws: BlobError.self) {
            let settings = S3Settings(
                endpoint: "https://127.0.0.1:\(port)", accessKeyID: "AKIATEST", secretAccessKey: "s3cr3t",
                bucket: "bucket", pathStyle: true, caFile: caFile)
            try await S3Store(settings: settings, connections: 1).checkReadiness()
        }
    }
}

/// `openssl s_server` with a certificate of its own, which answers every request with a page.
private final class TLSServer {
    let certificate: String
    let port: Int
    private let process: Process

    init(_ scratch: Scratch) throws {
        let (key, certificate) = ("\(scratch.path)/key.pem", "\(scratch.path)/certificate.pem")
        self.certificate = certificate
        let (producer, _) = try Self.openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
        ])
        producer.waitUntilExit()
        let output: Pipe
        (self.process, output) = try Self.openssl([
            "s_server", "-accept", "127.0.0.1:0", "-www", "-key", key, "-cert", certificate,
        ])
        // The first line that it writes names the port: `ACCEPT 127.0.0.1:40123 …`.
        var text = ""
        while !text.contains("ACCEPT") || !text.hasSuffix("\n") {
            let part = output.fileHandleForReading.availableData
            try #require(!part.isEmpty, "openssl s_server ended: \(text)")
            text += String(decoding: part, as: UTF8.self)
        }
        let match = try #require(text.firstMatch(of: /ACCEPT [0-9.]+:([0-9]+)/))
        self.port = try #require(Int(match.1))
    }

    deinit { self.process.terminate() }

    private static func openssl(_ arguments: [String]) throws -> (Process, Pipe) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        return (process, output)
    }
}
