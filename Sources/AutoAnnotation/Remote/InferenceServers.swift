package import Domain
internal import FoundationEssentials
internal import Synchronization

/// The servers that run one model, tried in turn: one that failed rests for a while, and gets work again once it says
/// that it is ready.
package struct InferenceServers: Sendable {
    /// How patient to be.
    package struct Patience: Hashable, Sendable {
        /// For one answer.
        package var answer: Duration = .seconds(60)
        /// For one answer that needs no inference.
        package var status: Duration = .seconds(5)
        /// Requests that are sent for one batch, at most.
        package var attempts = 4
        /// Before the second request; doubles with each further one.
        package var firstDelay: Duration = .milliseconds(250)
        /// For how long a server that failed is asked last.
        package var rest: Duration = .seconds(15)

        package init() {}
    }

    private let urls: [String]
    private let transport: any HTTPTransport
    private let patience: Patience
    private let rotation: ServerRotation

    /// - Parameter urls: without slashes at their ends; at least one.
    package init(_ urls: [String], over transport: any HTTPTransport, patience: Patience = Patience()) {
        self.urls = urls
        self.transport = transport
        self.patience = patience
        self.rotation = ServerRotation(serverCount: urls.count)
    }

    /// What `GET <path>` gives at the first server that answers well.
    func get<Answer: Decodable>(_ path: String, as type: Answer.Type) async throws(EngineError) -> Answer {
        let answer = try await self.send(path, body: nil, headers: [:], within: self.patience.status)
        do {
            return try JSONDecoder().decode(type, from: Data(answer.body))
        } catch {
            throw EngineError(.badAnswer, "The inference server answers nonsense: \(path) is not the protocol's JSON.")
        }
    }

    /// What a server answers to a batch.
    func post(_ path: String, body: [UInt8], headers: [String: String]) async throws(EngineError)
        -> HTTPTransportResponse
    {
        try await self.send(path, body: body, headers: headers, within: self.patience.answer)
    }

    /// - Throws: ``EngineError`` of the last attempt; at once when another attempt cannot help.
    private func send(
        _ path: String, body: [UInt8]?, headers: [String: String], within limit: Duration
    ) async throws(EngineError) -> HTTPTransportResponse {
        var delay = self.patience.firstDelay
        for attempt in 1... {
            let server = self.rotation.next()
            let request = HTTPTransportRequest(url: "\(self.urls[server])/\(path)", headers: headers, body: body)
            do {
                if self.rotation.hasFailed(server) { try await self.checkReadiness(of: server) }
                return try await self.answer(to: request, within: limit)
            } catch {
                guard error.code == .unavailable, attempt < self.patience.attempts else { throw error }
                self.rotation.rest(server, for: self.patience.rest)
            }
            do { try await Task.sleep(for: delay) } catch { throw Self.cancelled }
            delay *= 2
        }
        preconditionFailure("the last attempt returns or throws")
    }

    /// A small question costs less than a batch that a server which is still loading its model drops.
    private func checkReadiness(of server: Int) async throws(EngineError) {
        let request = HTTPTransportRequest(url: "\(self.urls[server])/v2/health/ready", headers: [:], body: nil)
        let answer = try await self.sent(request, within: self.patience.status)
        // Servers without this path do not say.
        guard [200, 404].contains(answer.status) else {
            throw EngineError(.unavailable, Self.text(of: answer))
        }
        self.rotation.recover(server)
    }

    private func answer(
        to request: HTTPTransportRequest, within limit: Duration
    ) async throws(EngineError) -> HTTPTransportResponse {
        let answer = try await self.sent(request, within: limit)
        switch answer.status {
        case 200: return answer
        case 429, 500...: throw EngineError(.unavailable, Self.text(of: answer))
        default: throw EngineError(.badAnswer, Self.text(of: answer))
        }
    }

    /// An answer of any status.
    private func sent(
        _ request: HTTPTransportRequest, within limit: Duration
    ) async throws(EngineError) -> HTTPTransportResponse {
        do {
            return try await self.transport.send(request, within: limit)
        } catch {
            switch error.code {
            case .unavailable:
                throw EngineError(.unavailable, "The inference server at \(request.url) is away: \(error.message).")
            case .badAnswer:
                throw EngineError(.badAnswer, "The inference server answers nonsense: \(error.message).")
            case .cancelled: throw Self.cancelled
            }
        }
    }

    private static let cancelled = EngineError(.cancelled, "The annotation was cancelled.")

    /// What the server says of its rejection, cut to one line.
    private static func text(of answer: HTTPTransportResponse) -> String {
        struct Rejection: Decodable { let error: String }
        let rejection = try? JSONDecoder().decode(Rejection.self, from: Data(answer.body))  // Other forms add nothing.
        let reason = rejection.map { ": " + $0.error.prefix(200).filter { !$0.isNewline } } ?? ""
        return "The inference server answers with status \(answer.status)\(reason)."
    }
}

/// Whose turn it is.
private final class ServerRotation: Sendable {
    private struct State {
        var last = -1
        /// `nil` for servers that answered well when they were last asked.
        var restsUntil: [ContinuousClock.Instant?]
    }

    private let state: Mutex<State>

    init(serverCount: Int) {
        self.state = Mutex(State(restsUntil: Array(repeating: nil, count: serverCount)))
    }

    /// The next server that does not rest; when all do, the one whose rest ends first.
    func next() -> Int {
        self.state.withLock { state in
            let now = ContinuousClock.now
            let count = state.restsUntil.count
            let order = (1...count).map { (state.last + $0) % count }
            let ready = order.first { (state.restsUntil[$0] ?? now) <= now }
            state.last = ready ?? order.min { (state.restsUntil[$0] ?? now) < (state.restsUntil[$1] ?? now) } ?? 0
            return state.last
        }
    }

    func hasFailed(_ server: Int) -> Bool { self.state.withLock { $0.restsUntil[server] != nil } }

    func recover(_ server: Int) { self.state.withLock { $0.restsUntil[server] = nil } }

    func rest(_ server: Int, for duration: Duration) {
        self.state.withLock { $0.restsUntil[server] = ContinuousClock.now + duration }
    }
}
