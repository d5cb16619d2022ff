internal import FoundationEssentials

/// Names of workers: readable, and unlike any other, now or earlier.
package enum WorkerName {
    package static func make() -> String {
        let random = String(UInt32.random(in: .min ... .max), radix: 36)
        return "\(ProcessInfo.processInfo.hostName)/\(ProcessInfo.processInfo.processIdentifier)/\(random)"
    }
}
