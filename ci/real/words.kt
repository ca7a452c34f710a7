// Counts words: strings, maps, regular expressions and exceptions. It prints words.txt.
private const val TEXT = "the cat saw the dog; the dog saw 12 birds and 7 cats, then the cat left"

fun main() {
    val counts = HashMap<String, Int>()
    var sum = 0
    for (token in Regex("([a-z]+)|([0-9]+)").findAll(TEXT)) {
        val word = token.groups[1]?.value
        if (word != null) {
            counts[word] = (counts[word] ?: 0) + 1
        } else {
            sum += token.groups[2]!!.value.toInt()
        }
    }
    println(counts.entries.sortedBy { it.key }.joinToString(" ") { "${it.key}=${it.value}" })
    println("numbers $sum")
    println(TEXT.replace(Regex("\\b(c)(at)s?\\b"), "$2$1").uppercase())
    var failures = 0
    for (number in listOf("1", "x", "3")) {
        try {
            sum += number.toInt()
        } catch (e: NumberFormatException) {
            failures++
        }
    }
    println("sum $sum, $failures failed")
}
