"""Makes the workbook and the documents beside it, which are committed: pip install openpyxl==3.1.5 python-docx==1.2.0"""
from datetime import datetime
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook
from openpyxl.styles import Font

# A workbook as an office keeps it: a title, merged districts, dates, a Bijoy cell, a note beside, a second sheet, a hidden one.
book = Workbook()
sheet = book.active
sheet.title = "Answers"
sheet["A1"] = "Workshop of 12 May, all tables"
sheet.append([])
sheet.append(["Date", "District", "Text", "Respondent", None, "Weight"])
rows = [
    [datetime(2024, 5, 12), "Khulna", "We have two officers\nfor nine unions", 101, "typed by Rina", 1],
    [datetime(2024, 5, 12, 14, 30), None, "No money for fuel", 102, None, 2.5],
    [datetime(2024, 5, 13), "Bogura", "Rbej Kg", 103, None, 1],
    [None, None, None, None, None, None],
    [datetime(2024, 5, 14), "Bogura", None, 104, None, 1],
    [datetime(2024, 5, 14), "Bogura", "=1/0", 105, None, 1],
    [datetime(2024, 5, 14), "Bogura", "নেটওয়ার্ক দুর্বল", 106, None, "many"],
]
for row in rows:
    sheet.append(row)
sheet["C6"].font = Font(name="SutonnyMJ")
sheet["H5"] = "ask again"
sheet.merge_cells("B4:B5")
notes = book.create_sheet("Notes")
notes["A1"] = "Nobody answered on paper"
more = book.create_sheet("Women's group")
more.append(["text", "district"])
more.append(["The server is down all day", "Sylhet"])
hidden = book.create_sheet("Old")
hidden.append(["text"])
hidden.append(["Thrown away"])
hidden.sheet_state = "hidden"
book.save("answers.xlsx")

# A discussion: two runs of one word, deleted words, a line break, a table of who was there, Bijoy by style and by run.
talk = Document()
talk.add_paragraph("Discussion with mothers, 3 June")
talk.add_paragraph("Moderator: What is hard about the allowance?")
paragraph = talk.add_paragraph()
paragraph.add_run("Rahima: The list is made by ")
paragraph.add_run("friends & cous").bold = True
paragraph.add_run("ins of the member")
gone = OxmlElement("w:del")
run = OxmlElement("w:r")
words = OxmlElement("w:delText")
words.text = " and his wife"
run.append(words)
gone.append(run)
paragraph._p.append(gone)
paragraph = talk.add_paragraph("Salma: Nobody told us when the money comes")
paragraph.add_run().add_break()
paragraph.add_run("Rahima: We walk two hours to the bank")
paragraph = talk.add_paragraph("Salma: ")
for piece in ["Avgv‡`", "i †bUIqvK© Lye `ye©j"]:
    run = paragraph.add_run(piece)
    run.font.name = "SutonnyMJ"
talk.save("discussion.docx")

# A form of three columns, typed in Bijoy by its style.
form = Document()
style = form.styles["Normal"]
style.font.name = "SutonnyMJ"
table = form.add_table(rows=1, cols=3)
for cell, name in zip(table.rows[0].cells, ["Channel", "Challenges", "Suggestions"]):
    cell.paragraphs[0].add_run(name).font.name = "Arial"
for row in [["Meeting", "Rbej Kg", "cÖwkÿY `iKvi"], ["Miking", "A_© eivÏ †bB", ""]]:
    cells = table.add_row().cells
    cells[0].paragraphs[0].add_run(row[0]).font.name = "Arial"
    for cell, words in zip(cells[1:], row[1:]):
        cell.paragraphs[0].add_run(words)
form.save("form.docx")

# Answers as a list.
points = Document()
points.add_paragraph("What would you change?", style="Heading 1")
for words in ["More staff in the union office", "A list that anyone can read", "Faster internet"]:
    points.add_paragraph(words, style="List Bullet")
points.save("list.docx")

# Group work: a title over a table of roles with a head over two columns, a list in a cell and a label over two rows; then a table of answers with
# quotation marks, a table that names no answers, and a paragraph after them.
work = Document()
work.add_paragraph("Group work: Khulna district")
table = work.add_table(rows=3, cols=4)
for cell, name in zip(table.rows[0].cells, ["Programme", "", "Challenges", "Suggestions"]):
    cell.text = name
table.cell(0, 0).merge(table.cell(0, 1))
for row, words in zip(table.rows[1:], [["Widow allowance", "W1", "no staff", "Recruit"], ["", "W2", "", "Pay early"]]):
    for cell, text in zip(row.cells, words):
        cell.text = text
table.cell(1, 0).merge(table.cell(2, 0))
table.cell(1, 2).add_paragraph("Budget is late", style="List Bullet")
work.add_paragraph("What was said")
table = work.add_table(rows=3, cols=3)
for row, words in zip(table.rows, [["Name", "Answer", "District"], ["A", '"The road is broken', "Khulna"], ["B", 'the 5" pipe', ""]]):
    for cell, text in zip(row.cells, words):
        cell.text = text
table.cell(1, 2).merge(table.cell(2, 2))
table = work.add_table(rows=2, cols=3)
for row, words in zip(table.rows, [["SL", "Office", "Opinion"], ["1", "Sadar", "No fuel"]]):
    for cell, text in zip(row.cells, words):
        cell.text = text
work.add_paragraph("The network failed all day.")
work.save("tables.docx")

# An interview: numbered questions with answers under them, under a title and what is known of who was asked.
asked = Document()
asked.add_paragraph("Interview", style="Title")
asked.add_paragraph("Designation: Union Social Worker")
for question, words in [
    ("What is hard in your work?", ["There is no staff and", "no vehicle"]),
    ("Do you have other comments?", ["The internet is slow"]),
]:
    asked.add_paragraph(question, style="List Number")
    for line in words:
        asked.add_paragraph(line)
asked.save("interview.docx")

# A discussion with names in bold over what is said, one of which comes once.
names = Document()
names.add_paragraph("Focus group", style="Heading 1")
for name, words in [
    ("Moderator", "What is hard?"),
    ("Rahima", "There is no staff."),
    ("Karim", "The road is broken."),
    ("Moderator", "And the money?"),
    ("Rahima", "It comes late."),
]:
    names.add_paragraph().add_run(name).bold = True
    names.add_paragraph(words)
names.save("names.docx")

# Forms in tables of two columns, and bold questions under them.
forms = Document()
for name, trouble in [("Karim", "no vehicle"), ("Rahima", "slow line")]:
    table = forms.add_table(rows=3, cols=2)
    for row, words in zip(table.rows, [["Name", name], ["Main challenges", trouble], ["Any other comments?", ""]]):
        for cell, text in zip(row.cells, words):
            cell.text = text
    forms.add_paragraph()
table = forms.add_table(rows=2, cols=2)
for row, words in zip(table.rows, [["Challenges", "Solutions"], ["No data", "A list for all"]]):
    for cell, text in zip(row.cells, words):
        cell.text = text
for question, words in [("What is hard here?", "The road"), ("What would help you?", "A boat")]:
    forms.add_paragraph().add_run(question).bold = True
    forms.add_paragraph(words)
forms.save("forms.docx")

# A talk, and notes after it under a heading.
notes = Document()
for line in ["Moderator: What is hard?", "R1: No staff.", "R2: The line is slow."]:
    notes.add_paragraph(line)
notes.add_paragraph("Recommendations", style="Heading 1")
notes.add_paragraph("Recruit officers", style="List Bullet")
notes.save("notes.docx")

# A talk in which the one who asks is bold throughout.
bold = Document()
for line in ["Moderator: What is hard?", "Rahima: No staff.", "Karim: The road is broken.", "Moderator: And the money?", "Rahima: It comes late."]:
    bold.add_paragraph().add_run(line).bold = line.startswith("Moderator")
bold.save("bold.docx")
