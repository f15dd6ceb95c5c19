/// All that is read.
enum FuzzFormats {
    /// Formats of one file, which libFuzzer can be given.
    static var files: [any FileFormat.Type] {
        [
            ExperimentFormat.self, IDXFormat.self, GzipFormat.self, CIFARFormat.self, CIFAR100Format.self,
            NPYFormat.self, NPZFormat.self, PictureFormat.self, TarFormat.self, SafetensorsFormat.self,
            WireFormat.self, ItemFormat.self, MemberFormat.self, InvitationFormat.self,
        ]
    }

    /// Formats of several files.
    static var folders: [any FuzzFormat.Type] {
        [
            GradientFormat.self, ModelFormat.self, MetricsFormat.self, SummaryFormat.self, RunFormat.self,
            CheckpointFormat.self,
        ]
    }

    static var names: [String] { files.map { $0.name } + folders.map { $0.name } }
}
