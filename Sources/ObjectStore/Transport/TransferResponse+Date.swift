internal import CCurl
import FoundationEssentials

extension TransferResponse {
    /// When the server answered, by its own clock; `nil` when it does not say.
    var date: Date? {
        guard let text = self.headers["date"] else { return nil }
        let seconds = unsafe curl_getdate(text, nil)
        return seconds < 0 ? nil : Date(timeIntervalSince1970: Double(seconds))
    }
}
