/// A partner whose link broke, which has until then to come back before it is suspected.
struct PendingReturn {
    let member: MemberID
    let deadlineSeconds: Double
}
