import Crypto
import Foundation
import Synchronization

/// S3's multipart protocol for one key, behind a ``ScriptedServer``: remembers what was sent, and fails on demand.
final class Recorder: Sendable {
    private struct State {
        var parts: [Int: (tag: String, byteCount: Int)] = [:]
        var uploadId: String?
        var announcedDigest = ""
        var object: (byteCount: Int, digest: String)?
        var refusedPart: Int?
        var sentParts: [Int] = []
        var beginnings = 0
        var abortions = 0
    }

    private let state = Mutex(State())

    /// The numbers of the parts that arrived, in order.
    var sentParts: [Int] { self.state.withLock { $0.sentParts } }
    var beginnings: Int { self.state.withLock { $0.beginnings } }
    var abortions: Int { self.state.withLock { $0.abortions } }

    func refuse(part: Int?) { self.state.withLock { $0.refusedPart = part } }

    func answer(_ request: ScriptedServer.Request) -> ScriptedServer.Reply {
        if request.method == "PUT" { self.letAnotherPartComeFirst(request) }
        return self.state.withLock { state in
            let query = URLComponents(string: request.target)?.queryItems ?? []
            let names = Set(query.map(\.name))
            let isUpload = names.contains("uploadId")
            switch request.method {
            case "HEAD": return Self.head(state)
            case "GET": return isUpload ? Self.parts(state) : Self.uploads(state)
            case "PUT": return Self.put(request, query, &state)
            case "DELETE":
                state.abortions += 1
                (state.uploadId, state.parts) = (nil, [:])
                return .answer(status: 204)
            default: return isUpload ? Self.complete(&state) : Self.begin(request, &state)
            }
        }
    }

    /// Holds the part that is to be refused back until another one has arrived, so that the upload stops in its middle.
    private func letAnotherPartComeFirst(_ request: ScriptedServer.Request) {
        for _ in 0..<500 {
            let isEarly = self.state.withLock { state in
                state.refusedPart.map { request.target.contains("partNumber=\($0)&") } == true && state.parts.isEmpty
            }
            guard isEarly else { return }
            Thread.sleep(forTimeInterval: 0.01)
        }
    }

    private static func head(_ state: State) -> ScriptedServer.Reply {
        guard let object = state.object else { return .answer(status: 404) }
        return .answer(
            status: 200, headers: ["Content-Length": "\(object.byteCount)", "x-amz-meta-sha256": object.digest])
    }

    private static func uploads(_ state: State) -> ScriptedServer.Reply {
        let entry = state.uploadId.map { "<UploadBody><Key>k</Key><UploadId>\($0)</UploadId></UploadBody>" } ?? ""
        return .answer(status: 200, body: "<ListMultipartUploadsResult>\(entry)</ListMultipartUploadsResult>")
    }

    private static func parts(_ state: State) -> ScriptedServer.Reply {
        let entries = state.parts.sorted { $0.key < $1.key }.map {
            "<Part><PartNumber>\($0.key)</PartNumber><Size>\($0.value.byteCount)</Size>"
                + "<ETag>&quot;\($0.value.tag)&quot;</ETag></Part>"
        }
        return .answer(status: 200, body: "<ListPartsResult>\(entries.joined())</ListPartsResult>")
    }

    private static func begin(_ request: ScriptedServer.Request, _ state: inout State) -> ScriptedServer.Reply {
        state.beginnings += 1
        state.uploadId = "upload-\(state.beginnings)"
        state.announcedDigest = request.headers["x-amz-meta-sha256"] ?? ""
        let body = "<InitiateMultipartUploadResult><UploadId>upload-\(state.beginnings)</UploadId>"
        return .answer(status: 200, body: body + "</InitiateMultipartUploadResult>")
    }

    private static func put(
        _ request: ScriptedServer.Request, _ query: [URLQueryItem], _ state: inout State
    ) -> ScriptedServer.Reply {
        let number = query.first { $0.name == "partNumber" }?.value.flatMap { Int($0) } ?? 0
        guard number != state.refusedPart else { return .answer(status: 400) }
        let tag = Insecure.MD5.hash(data: request.body).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        state.parts[number] = (tag.joined(), request.body.count)
        state.sentParts.append(number)
        return .answer(status: 200, headers: ["ETag": "\"\(tag.joined())\""])
    }

    private static func complete(_ state: inout State) -> ScriptedServer.Reply {
        state.object = (state.parts.values.reduce(0) { $0 + $1.byteCount }, state.announcedDigest)
        (state.uploadId, state.parts) = (nil, [:])
        return .answer(status: 200, body: "<CompleteMultipartUploadResult/>")
    }
}
