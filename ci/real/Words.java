import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts words: strings, maps, regular expressions and exceptions. It prints words.txt. */
public final class Words {
  private static final String TEXT =
      "the cat saw the dog; the dog saw 12 birds and 7 cats, then the cat left";

  public static void main(String[] arguments) {
    Map<String, Integer> counts = new HashMap<>();
    Matcher tokens = Pattern.compile("([a-z]+)|([0-9]+)").matcher(TEXT);
    int sum = 0;
    while (tokens.find()) {
      if (tokens.group(1) != null) {
        counts.merge(tokens.group(1), 1, Integer::sum);
      } else {
        sum += Integer.parseInt(tokens.group(2));
      }
    }
    StringBuilder line = new StringBuilder();
    for (Map.Entry<String, Integer> entry : new TreeMap<>(counts).entrySet()) {
      line.append(entry.getKey()).append('=').append(entry.getValue()).append(' ');
    }
    System.out.println(line.toString().trim());
    System.out.println("numbers " + sum);
    System.out.println(TEXT.replaceAll("\\b(c)(at)s?\\b", "$2$1").toUpperCase());
    int failures = 0;
    for (String number : new String[] {"1", "x", "3"}) {
      try {
        sum += Integer.parseInt(number);
      } catch (NumberFormatException e) {
        failures++;
      }
    }
    System.out.println("sum " + sum + ", " + failures + " failed");
  }
}
