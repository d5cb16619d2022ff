import Hummingbird
import NIOCore

/// What middleware knows of a request.
struct APIRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The client's connection.
    let channel: any Channel
    /// In the answer's header and in every line of the log that the request causes.
    var requestId = RequestID()
    /// The fields of the body, once ``KeyMiddleware`` has read them; empty without a body.
    var fields: [String: String] = [:]

    init(source: Source) {
        self.coreContext = .init(source: source)
        self.channel = source.channel
    }

    /// The largest body that is read.
    var maxUploadSize: Int { 64 << 10 }
}
