import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Answers requests that offer another protocol as plain HTTP/1.1, and closes their connection afterwards.
///
/// SwiftNIO's decoder stops reading a connection after any request with an `Upgrade` field (such as `h2c`, which Java's
/// client and `curl --http2` offer), so a second request on it would never be answered. RFC 9110, section 7.8, lets a
/// server ignore the offer.
///
/// Thread rule: one handler for each connection, used by its event loop alone.
final class UpgradeHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var closesAfterAnswer = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = self.unwrapInboundIn(data), head.headerFields[.upgrade] != nil else {
            return context.fireChannelRead(data)
        }
        self.closesAfterAnswer = true
        head.headerFields[.upgrade] = nil
        head.headerFields[.connection] = "close"
        context.fireChannelRead(self.wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard self.closesAfterAnswer, case .head(var head) = self.unwrapOutboundIn(data) else {
            return context.write(data, promise: promise)
        }
        head.headerFields[.connection] = "close"
        context.write(self.wrapOutboundOut(.head(head)), promise: promise)
    }
}
