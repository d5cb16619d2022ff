import Domain
import Synchronization
import Testing

@testable import AutoAnnotation

@Suite struct InferenceServersTests {
    /// Answers by a table of statuses that a test changes, and keeps what was asked.
    private final class Network: HTTPTransport {
        private let state = Mutex((statuses: [String: Int](), urls: [String]()))

        var urls: [String] { self.state.withLock { $0.urls } }

        func set(_ url: String, _ status: Int) { self.state.withLock { $0.statuses[url] = status } }

        func send(
            _ request: HTTPTransportRequest, within limit: Duration
        ) async throws(HTTPTransportError) -> HTTPTransportResponse {
            self.state.withLock { state in
                state.urls.append(request.url)
                return HTTPTransportResponse(status: state.statuses[request.url] ?? 200, headers: [:], body: [])
            }
        }
    }

    private static func servers(_ urls: [String], over network: Network) -> InferenceServers {
        var patience = InferenceServers.Patience()
        patience.firstDelay = .zero
        patience.rest = .zero
        return InferenceServers(urls, over: network, patience: patience)
    }

    @Test func aServerThatFailedGetsNoBatchBeforeItIsReady() async throws {
        let network = Network()
        let servers = Self.servers(["http://a", "http://b"], over: network)
        network.set("http://a/infer", 503)
        network.set("http://a/v2/health/ready", 400)
        for _ in 0..<2 { _ = try await servers.post("infer", body: [1], headers: [:]) }
        #expect(
            network.urls == [
                "http://a/infer", "http://b/infer", "http://a/v2/health/ready", "http://b/infer",
            ])
        network.set("http://a/infer", 200)
        network.set("http://a/v2/health/ready", 200)
        for _ in 0..<3 { _ = try await servers.post("infer", body: [1], headers: [:]) }
        #expect(
            network.urls.dropFirst(4) == [
                "http://a/v2/health/ready", "http://a/infer", "http://b/infer", "http://a/infer",
            ])
    }

    @Test func aServerThatKnowsNoReadinessIsAskedAgain() async throws {
        let network = Network()
        let servers = Self.servers(["http://a"], over: network)
        network.set("http://a/infer", 500)
        await #expect(throws: EngineError.self) { _ = try await servers.post("infer", body: [1], headers: [:]) }
        network.set("http://a/infer", 200)
        network.set("http://a/v2/health/ready", 404)
        #expect(try await servers.post("infer", body: [1], headers: [:]).status == 200)
    }
}
