import Dispatch
import Foundation
import Glibc
import Synchronization

/// A loopback HTTP server that answers as a test tells it, for what no real server does on demand.
final class ScriptedServer: Sendable {
    struct Request: Sendable {
        let method: String
        let target: String
        let headers: [String: String]
        let body: Data
    }

    enum Reply: Sendable {
        case answer(status: Int, headers: [String: String] = [:], body: String = "")
        /// Announces more bytes than it sends, and hangs up.
        case half(body: String)
        /// Hangs up without a word.
        case cut
        /// Says nothing until the client hangs up.
        case silence
    }

    private let socket: Int32
    let port: UInt16
    private let connectionsSoFar = Atomic<Int>(0)
    private let requestsSoFar = Mutex<[Request]>([])
    private let reply: @Sendable (_ number: Int, Request) -> Reply

    var endpoint: String { "http://127.0.0.1:\(self.port)" }
    var connectionCount: Int { self.connectionsSoFar.load(ordering: .relaxed) }
    var requests: [Request] { self.requestsSoFar.withLock { $0 } }

    /// - Parameter reply: gets the number of the request, from 1.
    init(_ reply: @escaping @Sendable (_ number: Int, Request) -> Reply) {
        self.reply = reply
        self.socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = self.socket
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                precondition(bind(socket, address, length) == 0 && listen(socket, 64) == 0)
                getsockname(socket, address, &length)
            }
        }
        self.port = UInt16(bigEndian: address.sin_port)
        self.accept()
    }

    deinit { close(self.socket) }

    /// Stops listening; connections that are open continue.
    func stop() { shutdown(self.socket, Int32(SHUT_RDWR)) }

    private func accept() {
        let socket = self.socket
        DispatchQueue(label: "scripted.accept").async { [weak self] in
            while true {
                let client = Glibc.accept(socket, nil, nil)
                guard client >= 0 else { return }
                guard let self else { return _ = close(client) }
                self.connectionsSoFar.add(1, ordering: .relaxed)
                DispatchQueue(label: "scripted.client").async { self.serve(client) }
            }
        }
    }

    private func serve(_ client: Int32) {
        defer { close(client) }
        var pending = Data()
        while let request = Self.read(from: client, pending: &pending) {
            let number = self.requestsSoFar.withLock { requests in
                requests.append(request)
                return requests.count
            }
            switch self.reply(number, request) {
            case .answer(let status, let headers, let body):
                var head = "HTTP/1.1 \(status) Scripted\r\n"
                for (name, value) in headers { head += "\(name): \(value)\r\n" }
                if headers["Content-Length"] == nil { head += "Content-Length: \(body.utf8.count)\r\n" }
                Self.write(head + "\r\n" + (request.method == "HEAD" ? "" : body), to: client)
            case .half(let body):
                Self.write("HTTP/1.1 200 OK\r\nContent-Length: \(2 * body.utf8.count)\r\n\r\n" + body, to: client)
                return
            case .cut: return
            case .silence:
                var byte: UInt8 = 0
                while recv(client, &byte, 1, 0) > 0 {}
                return
            }
        }
    }

    private static func read(from client: Int32, pending: inout Data) -> Request? {
        while pending.range(of: Data("\r\n\r\n".utf8)) == nil {
            guard self.receive(from: client, into: &pending) else { return nil }
        }
        guard let end = pending.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: pending[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        pending = Data(pending[end.upperBound...])
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        if headers["expect"] != nil { self.write("HTTP/1.1 100 Continue\r\n\r\n", to: client) }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        while pending.count < length {
            guard self.receive(from: client, into: &pending) else { return nil }
        }
        let body = Data(pending.prefix(length))
        pending = Data(pending.dropFirst(length))
        let start = lines[0].components(separatedBy: " ")
        return Request(method: start[0], target: start[1], headers: headers, body: body)
    }

    private static func receive(from client: Int32, into data: inout Data) -> Bool {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = recv(client, &bytes, bytes.count, 0)
        guard count > 0 else { return false }
        data.append(contentsOf: bytes[..<count])
        return true
    }

    private static func write(_ text: String, to client: Int32) {
        let bytes = Array(text.utf8)
        _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }
}
