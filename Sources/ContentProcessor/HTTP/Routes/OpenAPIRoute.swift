import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /openapi.json`: what every route takes and answers.
struct OpenAPIRoute: Sendable {
    func add(to router: Router<APIRequestContext>) throws {
        let document = ByteBuffer(bytes: try APIDescription().encoded())
        router.get("openapi.json") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
                body: ResponseBody(byteBuffer: document))
        }
    }
}
