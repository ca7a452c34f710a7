// Counts letters: strings, maps and exceptions, without regular expressions. It prints letters.txt.
fun main() {
    val text = "deterministic heaps, sorted lists and a map of words"
    val counts = HashMap<Char, Int>()
    for (letter in text) counts[letter] = (counts[letter] ?: 0) + 1
    var failures = 0
    for (letter in "xyz") {
        try {
            counts.getValue(letter)
        } catch (e: NoSuchElementException) {
            failures++
        }
    }
    val words = text.split(' ').map { it.trim(',') }.groupBy { it.length }
    println(words.entries.sortedBy { it.key }.joinToString("; ") { "${it.key}: ${it.value.sorted()}" })
    println("${counts.size} letters, ${counts['e']} of e, $failures missing, ${1.5 * counts.size}")
}
