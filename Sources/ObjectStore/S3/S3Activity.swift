/// Something that a store did over the network, for who counts it.
package enum S3Activity: Hashable, Sendable {
    /// A request is sent, for the first time or again.
    case request
    /// A request failed for a passing reason and will be sent again.
    case retry
    /// A request was answered; the bodies of both had so many bytes.
    case transfer(bytesSent: Int64, bytesReceived: Int64)

    /// Called on any thread, many times a second: must be quick.
    package typealias Observer = @Sendable (S3Activity) -> Void
}
