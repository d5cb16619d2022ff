internal import Glibc

/// What the kernel says of this process, under the names that Prometheus' own clients use.
package enum ProcessMetrics {
    package static var families: [MetricFamily] {
        [
            MetricFamily(
                "process_resident_memory_bytes", .gauge, "Resident memory of this process.",
                value: Double(self.residentByteCount)),
            MetricFamily(
                "process_cpu_seconds_total", .counter, "Processor time of this process.", value: self.processorSeconds),
        ]
    }

    /// The second field of proc_pid_statm(5); 0 where there is no /proc.
    private static var residentByteCount: Int {
        guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard unsafe fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let fields = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) : 0
    }

    private static var processorSeconds: Double {
        var time = timespec()
        // The clock is always there.
        _ = unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
