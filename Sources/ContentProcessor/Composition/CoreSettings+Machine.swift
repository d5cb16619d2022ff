import FoundationEssentials
import ServiceConfiguration

extension CoreSettings {
    /// The cores to use: as configured, else all that the process may.
    var usedCoreCount: Int { self.cpuCoreCount ?? ProcessInfo.processInfo.activeProcessorCount }
}
