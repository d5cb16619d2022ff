import Domain
import ServiceMetrics

extension WorkMetric {
    /// The metric of the sum of all machines.
    ///
    /// Every instance of the service shows the same: use `max` over instances, not `sum`.
    func family(of sums: WorkSums) -> MetricFamily {
        let parts = sums[self].merging(self.zeros) { known, _ in known }
        let samples = parts.sorted { $0.key < $1.key }.map { detail, amount in
            MetricFamily.Sample(amount, labels: self.label.map { [.init($0, detail)] } ?? [])
        }
        return MetricFamily("content_processor_\(self.name)_total", .counter, self.help, samples: samples)
    }

    private var name: String {
        switch self {
        case .clips: "clips"
        case .framesDecoded: "frames_decoded"
        case .framesKept: "frames_kept"
        case .decodeSeconds: "decode_cpu_seconds"
        case .encodeSeconds: "encode_cpu_seconds"
        case .annotationSeconds: "annotation_seconds"
        case .s3Requests: "s3_requests"
        case .s3BytesSent: "s3_sent_bytes"
        case .s3BytesReceived: "s3_received_bytes"
        case .s3Retries: "s3_retries"
        case .leaseLosses: "lease_losses"
        case .workerEnds: "worker_ends"
        }
    }

    private var help: String {
        switch self {
        case .clips: "Clips that were made and published."
        case .framesDecoded: "Source frames that were decoded for clips, wanted or not."
        case .framesKept: "Frames of published clips."
        case .decodeSeconds: "Processor time of decoding for clips."
        case .encodeSeconds: "Processor time of encoding clips."
        case .annotationSeconds: "Time that engines took to annotate, by auto-annotation version."
        case .s3Requests: "Requests to the S3 server, each attempt for itself."
        case .s3BytesSent: "Bytes of bodies sent to the S3 server."
        case .s3BytesReceived: "Bytes of bodies received from the S3 server."
        case .s3Retries: "Requests to the S3 server that were sent again."
        case .leaseLosses: "Leases that ended without a word from the worker that held them."
        case .workerEnds: "Ends of worker processes, by reason."
        }
    }

    /// What the details are called.
    private var label: String? {
        switch self {
        case .annotationSeconds: "version"
        case .workerEnds: "reason"
        default: nil
        }
    }

    /// What is shown before anything was counted, so that every series is there from the start.
    private var zeros: [String: Double] {
        switch self {
        case .annotationSeconds: [:]
        case .workerEnds: Dictionary(uniqueKeysWithValues: WorkerProgram.End.reasons.map { ($0, 0) })
        default: [WorkSums.undivided: 0]
        }
    }
}
