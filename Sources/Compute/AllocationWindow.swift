internal import CKernels

/// Marks the steady state for the allocation counter of `script/count-allocations`; does nothing when that is not
/// loaded.
public enum AllocationWindow {
    /// Counts from here on.
    public static func open() { kernel_allocation_window(true) }
    /// Counts no longer.
    public static func close() { kernel_allocation_window(false) }
}
